//! What is known of services at one moment, as plain data: what exporters write and pages show.
//!
//! Everything here is a copy that nobody changes any more. Field names are the names in JSON. Durations are whole
//! microseconds and end in `_us`, moments are milliseconds of Unix time and end in `_ms`, shares are between 0 and 1.
//! What can be unknown is an `Option` and `null` in JSON. Counters only grow for as long as the process lives. With
//! feature `serde`, all of it implements `Serialize`.

mod attempts;
mod breaker;
mod calls;
mod counts;
mod dashboard;
mod degradation;
mod event;
#[cfg(any(test, feature = "testing"))]
mod example;
mod health;
mod latency;
mod limits;
mod partition;
mod pattern;
mod process;
mod service;
mod site;
mod spark;
mod waiting;
mod window;

pub use attempts::AttemptsSnapshot;
pub use breaker::{BreakerChange, BreakerSnapshot};
pub use calls::CallCounts;
pub use counts::Counts;
pub use dashboard::DashboardData;
pub use degradation::FallbacksSnapshot;
pub use event::{EventBatch, EventSnapshot};
#[cfg(any(test, feature = "testing"))]
#[doc(hidden)]
pub use example::example;
pub use health::HealthReport;
pub use latency::LatencySnapshot;
pub use limits::{BudgetSnapshot, BulkheadSnapshot};
pub use partition::{PartitionSnapshot, PartitionsSnapshot};
pub use pattern::ErrorPattern;
pub use process::{ProcessSnapshot, StoreSnapshot};
pub use service::ServiceSnapshot;
pub use site::SiteSnapshot;
pub use spark::SparkPoint;
pub use waiting::WaitingSnapshot;
pub use window::{Window, Windows};
