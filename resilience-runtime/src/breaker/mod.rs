//! The circuit breaker of a service: admits or refuses attempts, and learns from how they end. Pure rules over
//! atomics: time, settings and chance come with each call.

mod admission;
mod control;
mod evidence;
mod machine;
mod manual;
mod readings;
mod reload;
mod rules;
mod settlement;
mod state;
#[cfg(test)]
mod tests;
mod timeline;

pub(crate) use evidence::quiet::Origin;
pub(crate) use evidence::vote::Vote;
pub(crate) use evidence::window::{Ballots, Votes};
pub(crate) use machine::{Admitted, Breaker, Leave, Refused};
pub(crate) use rules::Rules;
pub(crate) use state::{Change, Transition};
