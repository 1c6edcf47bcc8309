//! How many attempts of a service start in a second, spread evenly, and who waits for that. Pure rules over one atomic
//! word and a queue: time and settings come with each call.

mod arrival;
mod entry;
mod limit;
mod queue;
#[cfg(test)]
mod tests;
mod turn;
mod waiter;

pub(crate) use entry::Entry;
pub(crate) use limit::RateLimit;
pub(crate) use turn::Turn;
pub(crate) use waiter::{Asked, TurnWaiter};
