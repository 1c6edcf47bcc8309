//! What is counted of each service, and how it is read.

mod counters;
mod health;
mod history;
mod latency;
mod outcome;
mod readings;
mod recent;
pub mod snapshot;
mod stats;
mod unix;
mod waited_for;
mod watch;
mod windows;

pub(crate) use counters::Counters;
pub(crate) use health::{HealthInputs, health};
pub(crate) use history::{History, Seldom, Told};
pub use latency::Latency;
pub(crate) use outcome::Made;
pub use outcome::{AttemptOutcome, AttemptType, CallOutcome, CallerOutcome};
pub(crate) use readings::micros;
pub(crate) use recent::{KeptQuantile, RecentLatency};
pub use stats::Stats;
pub(crate) use unix::unix_millis;
pub(crate) use waited_for::WaitedFor;
pub(crate) use watch::{Readable, TICK, Watch};
