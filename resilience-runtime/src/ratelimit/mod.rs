//! The rate limit of a service: how many attempts start per second, spread evenly, and the queue of those that wait for
//! their slot. Pure rules over one atomic word and a queue: time and settings are passed in with each call.

mod arrival;
mod entry;
mod limit;
mod queue;
mod rate_slot;
#[cfg(test)]
mod tests;
mod waiter;

pub(crate) use entry::Entry;
pub(crate) use limit::RateLimit;
pub(crate) use rate_slot::RateSlot;
pub(crate) use waiter::{SlotAnswer, SlotWaiter};
