//! Calls of a service with `mode = Observe`. In: a body, which runs once, at once, as the plain function. Out: its result, as it
//! is; and beside it at most one word for what the rules would have done.
//!
//! ```text
//! first poll ─► entry: would it be let in? ─► body, polled as it is ─► result, drop or panic ─► verdict: what would follow?
//!                 │ no: it votes, deposits and takes nothing                                      │ votes, deposits, one word
//! ```
//!
//! - No timer is armed, nothing waits, sleeps, is kept or asked of a store, and nobody answers for a failure. The calls inside see
//!   the deadline and the priority of whoever is around this call, and not its own.
//! - The [`Shadow`](shadow::Shadow) holds what the call would hold: the ticket of the breaker, a seat beside the bulkhead.
//! - Breaker, budget, rate limit and throttle are those of the service: what they have seen is theirs when the rules act again.
//!   Transitions of the breaker are told to nobody and counted nowhere.
//! - The counters of calls and attempts count what has happened; what would have happened has a counter of its own.

mod entry;
mod poll;
mod results;
pub(in crate::call) mod shadow;
mod verdict;
