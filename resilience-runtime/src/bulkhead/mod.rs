//! The bulkhead: how many attempts of a service run at once, and who waits in which order. In: requests for permits,
//! and permits that are released. Out: permits, places in the queue, refusals, and waiters to wake. Pure rules over
//! atomics and a queue: time and settings are passed in with each call.

mod adaptive;
mod answer;
mod body_durations;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod bulkhead;
mod enqueued;
mod local_permits;
mod local_protocol;
mod offers;
mod permit;
mod queue;
mod request;
mod shared_state;
mod slow_path;
#[cfg(test)]
mod tests;
mod wait_order;
mod waiter;

pub(crate) use answer::Refused;
pub(crate) use bulkhead::Bulkhead;
pub(crate) use enqueued::Enqueued;
pub(crate) use local_permits::LocalPermits;
pub(crate) use permit::BulkheadPermit;
pub(crate) use request::PermitRequest;
pub(crate) use waiter::{Granted, Waiter};
