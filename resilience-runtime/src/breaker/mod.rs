//! The circuit breaker of a service: admits or refuses attempts, and learns from how they end. Pure rules over
//! atomics: time, settings and chance come with each call.

mod admission;
mod control;
mod machine;
mod manual;
mod patience;
mod quiet;
mod readings;
mod reload;
mod ring;
mod rules;
mod settlement;
mod state;
mod streak;
#[cfg(test)]
mod tests;
mod timeline;
mod vote;
mod window;

pub(crate) use machine::{Admitted, Breaker, Leave, Refused};
pub(crate) use quiet::Origin;
pub(crate) use rules::Rules;
pub(crate) use state::{Change, Transition};
pub(crate) use vote::Vote;
pub(crate) use window::{Ballots, Votes};
