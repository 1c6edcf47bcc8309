//! How many attempts of a service run at once, and who waits for that in which order. Pure rules over atomics and
//! a queue: time and settings come with each call.

mod adaptive;
mod gate;
mod gradient;
mod queue;
#[cfg(test)]
mod tests;
mod waiter;

pub(crate) use gate::{Bulkhead, Seat};
pub(crate) use waiter::Waiter;
