//! What is counted of each service, and how it is read.

mod counters;
mod latency;
mod outcome;
mod recent;
pub mod snapshot;
mod stats;

pub(crate) use counters::Counters;
pub(crate) use counters::WaitedFor;
pub use latency::Latency;
pub(crate) use outcome::Made;
pub use outcome::{AttemptOutcome, AttemptType, CallOutcome, CallerOutcome};
pub(crate) use recent::{KeptQuantile, RecentLatency};
pub use stats::Stats;
