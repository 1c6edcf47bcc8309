//! What drives a call, whatever the types of its body and its error.

pub(in crate::call) mod decision;
pub(in crate::call) mod events;
pub(in crate::call) mod failure;
pub(in crate::call) mod fast;
pub(in crate::call) mod foreign_code;
pub(in crate::call) mod full;
pub(in crate::call) mod holding;
pub(in crate::call) mod ledger;
pub(in crate::call) mod permit;
pub(in crate::call) mod poll_guard;
pub(in crate::call) mod promotion;
pub(in crate::call) mod retry_rules;
pub(in crate::call) mod seat_wait;
pub(in crate::call) mod state;
pub(in crate::call) mod success;
pub(in crate::call) mod wait;
