//! What is counted for each service, and how it is read. In: counts from the call path, and events. Out: statistics,
//! windows, health, history, as plain data for exporters.

mod counters;
mod health;
mod history;
mod keeping;
mod latency;
mod outcome;
mod patterns;
mod readings;
mod recent_latency;
pub mod snapshot;
mod stats;
mod summaries;
mod unix;
mod waited_for;
mod window_sampler;
mod windows;

pub(crate) use counters::Counters;
pub(crate) use counters::site_counters::SiteCounters;
pub(crate) use health::{HealthInputs, health};
#[cfg(feature = "testing")]
pub(crate) use history::{Entry, What};
pub(crate) use history::{History, MinInterval};
pub(crate) use keeping::Keeping;
pub use latency::Latency;
#[cfg(feature = "otel-histogram")]
pub(crate) use latency::recorded::{BUCKETS, LastRecorded, Recorded, UpTo};
pub(crate) use outcome::AttemptNumber;
pub use outcome::{
    AttemptOutcome, AttemptType, CallOutcome, CallerOutcome, IdempotencyResult, ObservedDecision,
};
pub(crate) use patterns::{ErrorPatterns, PatternKey};
pub(crate) use recent_latency::{CachedQuantile, RecentLatency};
#[cfg(feature = "otel-histogram")]
pub(crate) use snapshot::BUCKET_ENDS_NANOS;
pub use stats::Stats;
pub(crate) use summaries::Summaries;
pub(crate) use unix::unix_millis;
pub(crate) use waited_for::WaitedFor;
pub(crate) use window_sampler::{StatsSource, TICK, WindowSampler};
