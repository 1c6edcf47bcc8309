//! The fast path: a top-level call whose first attempt is admitted without waiting. In: a call that has not started. Out: its
//! success, or that it needs a [full call](super::full).

pub(in crate::call) mod attempt;
pub(in crate::call) mod breaker_check;
pub(in crate::call) mod call;
