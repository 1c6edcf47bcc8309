//! The rate limit of a service: how many attempts start per second, spread evenly. In: attempts that want to start.
//! Out: slots, places in the queue for one, refusals. A slot is the right to start one attempt. Pure rules over one
//! atomic word and a queue: time and settings are passed in with each call.

mod arrival;
mod entry;
mod limit;
mod observed;
mod queue;
mod rate_slot;
#[cfg(test)]
mod tests;
mod waiter;

pub(crate) use entry::Entry;
pub(crate) use limit::RateLimit;
pub(crate) use observed::ObservedSlot;
pub(crate) use rate_slot::RateSlot;
pub(crate) use waiter::{SlotAnswer, SlotWaiter};
