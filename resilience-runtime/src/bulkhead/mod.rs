//! How many attempts of a service run at once, and who waits for that in which order. Pure rules over atomics and
//! a queue: time and settings come with each call.

mod adaptive;
mod bodies;
mod gate;
mod gradient;
mod line;
mod pocket;
mod queue;
#[cfg(test)]
mod tests;
mod waiter;
mod word;

pub(crate) use gate::{Bulkhead, Entered, Seat};
pub(crate) use pocket::Pocket;
pub(crate) use queue::{Ask, Refused};
pub(crate) use waiter::{Granted, Waiter};
