//! What is counted of each service, and how it is read.

mod counters;
mod latency;
mod outcome;
mod recent;
pub mod snapshot;
mod stats;

pub(crate) use counters::Counters;
pub use latency::Latency;
pub use outcome::{AttemptOutcome, CallOutcome};
pub(crate) use recent::{KeptQuantile, RecentLatency};
pub use stats::Stats;
