//! The delays before retries, by pure formulas. In: a [`Backoff`](crate::policy::Backoff) and which attempt failed. Out: the delay
//! before the next.

#[cfg(test)]
mod bounds;
mod delays;
#[cfg(test)]
mod published;
mod schedule;
mod stress;
mod worst_case;

pub use delays::Delays;
pub use schedule::delay;
pub use stress::stress;
pub use worst_case::WorstCase;
