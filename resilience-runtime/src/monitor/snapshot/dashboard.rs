//! Plain data: the whole snapshot, which holds the process and its services.

use super::parts::latency::BUCKET_ENDS_NANOS;
use super::{ProcessSnapshot, ServiceSnapshot};

/// All that is known at one moment of a registry and its services.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DashboardData {
    /// The version of this form: [`VERSION`](Self::VERSION). It grows when a field goes away or changes its meaning; a new
    /// field does not make it grow.
    pub version: u32,
    /// When it was taken.
    pub taken_at_ms: u64,
    /// What holds for the process.
    pub process: ProcessSnapshot,
    /// The ends of the latency buckets of every service, see [`LatencySnapshot`](super::LatencySnapshot). Not whole
    /// microseconds: they are powers of two of nanoseconds.
    pub latency_bucket_ends_us: Vec<f64>,
    /// Every service that a call site, the file or a run-time update names, by name.
    pub services: Vec<ServiceSnapshot>,
}

impl DashboardData {
    /// The version of the form.
    pub const VERSION: u32 = 1;

    pub(crate) fn new(taken_at_ms: u64, process: ProcessSnapshot, services: Vec<ServiceSnapshot>) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "powers of two are exact")]
        let ends = BUCKET_ENDS_NANOS.map(|end| end as f64 / 1e3);
        Self { version: Self::VERSION, taken_at_ms, process, latency_bucket_ends_us: ends.into(), services }
    }
}
