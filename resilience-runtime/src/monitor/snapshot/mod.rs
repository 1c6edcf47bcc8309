//! Snapshots: what is known about services at one moment, as plain data that exporters write and pages show.
//!
//! Everything here is a copy that does not change any more. Field names are the names in JSON. Durations are whole
//! microseconds and end in `_us`, moments are milliseconds of Unix time and end in `_ms`, shares are between 0 and 1.
//! What can be unknown is an `Option` and `null` in JSON. Counters only grow for as long as the process lives. With
//! feature `serde`, all of it implements `Serialize`.

mod call_event;
mod counts;
mod dashboard;
mod event;
#[cfg(any(test, feature = "testing"))]
mod example;
mod health;
mod partition;
mod parts;
mod pattern;
mod process;
mod service;
mod site;

pub use call_event::{CallEvent, CallEventBatch};
pub use counts::Counts;
pub use dashboard::DashboardData;
pub use event::{EventBatch, EventSnapshot};
#[cfg(any(test, feature = "testing"))]
#[doc(hidden)]
pub use example::example;
pub use health::HealthReport;
pub use partition::{PartitionSnapshot, PartitionsSnapshot};
pub use parts::attempts::AttemptsSnapshot;
pub use parts::breaker::{BreakerChange, BreakerSnapshot};
pub use parts::calls::CallCounts;
pub use parts::degradation::FallbacksSnapshot;
#[cfg(feature = "otel-histogram")]
pub(crate) use parts::latency::BUCKET_ENDS_NANOS;
pub use parts::latency::LatencySnapshot;
pub use parts::limits::{BudgetSnapshot, BulkheadSnapshot};
pub use parts::sample::SampleSnapshot;
pub use parts::spark::SparkPoint;
pub use parts::waiting::WaitingSnapshot;
pub use parts::window::{Window, Windows};
pub use pattern::ErrorPattern;
pub use process::{ProcessSnapshot, StoreSnapshot};
pub use service::ServiceSnapshot;
pub use site::SiteSnapshot;
