//! The circuit breaker of a service. In: attempts that ask to run, and their results. Out: admission or refusal, and
//! state transitions. Pure rules over atomics: time, settings and random draws are passed in with each call.

mod admission;
#[expect(clippy::module_inception, reason = "the type of the room has a file of its own, as any other")]
mod breaker;
mod evidence;
mod locked_state;
mod manual;
mod observed;
mod opening;
mod readings;
mod reload;
mod rules;
mod settlement;
mod state_word;
#[cfg(test)]
mod tests;
mod timeline;
mod transition;

#[cfg(test)]
pub(crate) use breaker::Refused;
pub(crate) use breaker::{Admitted, Breaker, BreakerTicket};
pub(crate) use evidence::cast_vote::CastVote;
pub(crate) use evidence::quiet_failures::Origin;
pub(crate) use evidence::vote::Vote;
pub(crate) use evidence::vote_sink::{VoteSink, Votes};
pub(crate) use rules::Rules;
pub(crate) use transition::{StateChange, Transition};
