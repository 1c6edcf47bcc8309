//! What an attempt is made against, and what goes on between it and an attempt: permits of bulkheads, votes, and who is told
//! of the breaker.

mod breaker_events;
mod bulkhead_permits;
mod target;
mod votes;

pub(crate) use self::target::Target;
