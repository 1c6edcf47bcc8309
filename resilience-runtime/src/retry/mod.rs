//! Delays between attempts: pure formulas over [`Backoff`](crate::policy::Backoff).

mod backoff;
#[cfg(test)]
mod bounds;
mod delays;
#[cfg(test)]
mod published;
mod stress;

pub(crate) use backoff::delay;
pub use delays::Delays;
pub(crate) use stress::stress;
