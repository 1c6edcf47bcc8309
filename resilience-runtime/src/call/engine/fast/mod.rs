//! fast

pub(in crate::call) mod attempt;
pub(in crate::call) mod breaker_check;
pub(in crate::call) mod call;
