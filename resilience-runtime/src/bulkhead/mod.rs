//! How many attempts of a service run at once, and who waits for that in which order. Pure rules over atomics and
//! a queue: time and settings come with each call.

mod adaptive;
mod answer;
mod bodies;
mod gate;
mod gradient;
mod handover;
mod line;
mod offers;
mod pocket;
mod queue;
#[cfg(test)]
mod tests;
mod waiter;
mod word;

pub(crate) use answer::{Ask, Refused};
pub(crate) use gate::{Bulkhead, Entered, Seat};
pub(crate) use pocket::Pocket;
pub(crate) use waiter::{Granted, Waiter};
