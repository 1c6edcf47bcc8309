//! The engine: `full` for any call, `fast` for most. In: polls of a body of any type. Out: admission before, the decision after.
//! Compiled once, not for each function.
//!
//! | state of a call | what it holds, and where |
//! | --- | --- |
//! | not started, or ended on the fast path | nothing |
//! | [`fast::attempt`]: the first poll of the first attempt | breaker, bulkhead permit and start time, on the stack; gone with the poll |
//! | [`fast::call`]: the body waits, a retry is due at once, or it has a deadline of its own | the same and a place under the cap on retries, in the future |
//! | [`full::call`]: anything else | a [`holding`]: a permit, a paid retry, or nothing; a [`wait`] in a box |
//!
//! [`promotion`] makes a full call of a fast one. Neither of the two folders knows the other.

pub(in crate::call) mod decision;
pub(in crate::call) mod events;
pub(in crate::call) mod failure;
pub(in crate::call) mod fast;
pub(in crate::call) mod foreign_code;
pub(in crate::call) mod full;
pub(in crate::call) mod holding;
pub(in crate::call) mod ledger;
pub(in crate::call) mod permit;
pub(in crate::call) mod permit_wait;
pub(in crate::call) mod poll_guard;
pub(in crate::call) mod promotion;
pub(in crate::call) mod retry_rules;
pub(in crate::call) mod state;
pub(in crate::call) mod success;
pub(in crate::call) mod wait;
