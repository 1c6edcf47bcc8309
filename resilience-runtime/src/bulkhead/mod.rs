//! How many attempts of a service run at once, and who waits for that in which order. Pure rules over atomics and
//! a queue: time and settings come with each call.

mod adaptive;
mod answer;
mod aside;
mod bodies;
mod entered;
mod gate;
mod handover;
mod line;
mod offers;
mod pocket;
mod queue;
mod seat;
#[cfg(test)]
mod tests;
mod waiter;
mod word;

pub(crate) use answer::{Ask, Refused};
pub(crate) use entered::Entered;
pub(crate) use gate::Bulkhead;
pub(crate) use pocket::Pocket;
pub(crate) use seat::Seat;
pub(crate) use waiter::{Granted, Waiter};
