//! Data: what a process has measured of one service, as its snapshot says it; it goes into advice.

use std::time::Duration;

/// What a process has measured of a service.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Measured {
    /// How long it was measured.
    pub length: Duration,
    /// Attempts that ended.
    pub attempts: u64,
    /// Those of them that count against the dependency.
    pub failed: u64,
    /// Those of them that succeeded.
    pub succeeded: u64,
    /// Those of them that ran into their timeout.
    pub timed_out: u64,
    /// The mean time of those that succeeded.
    pub mean: Option<Duration>,
    /// The time that 95 in 100 of them did not exceed.
    pub p95: Option<Duration>,
    /// The same of 99 in 100.
    pub p99: Option<Duration>,
    /// The same of 999 in 1,000.
    pub p999: Option<Duration>,
    /// Attempts per second.
    pub per_second: f64,
    /// The most of them within ten seconds.
    pub peak_per_second: Option<f64>,
    /// Attempts in flight, on average.
    pub in_flight_mean: Option<f64>,
    /// The most in flight while the service was well.
    pub in_flight_peak: u64,
    /// Retries per call in the stretch of five minutes that 95 in 100 do not exceed.
    pub retry_share_p95: Option<f64>,
    /// How often its breaker opened.
    pub breaker_openings: u64,
    /// How many attempts its bulkhead lets run, if it has one.
    pub bulkhead_limit: Option<u32>,
    /// Whether its calls are for partitions, each with a bulkhead of its own.
    pub has_partitions: bool,
    /// How long after the start a configuration came into force, if one did.
    pub reloaded_after: Option<Duration>,
}

impl Measured {
    /// Nothing, to be filled in.
    pub fn new() -> Self {
        Self::default()
    }

    /// The share of attempts that failed.
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    pub(super) fn failure_share(&self) -> f64 {
        if self.attempts == 0 { 0.0 } else { self.failed as f64 / self.attempts as f64 }
    }

    /// The share of attempts that timed out.
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    pub(super) fn timeout_share(&self) -> f64 {
        if self.attempts == 0 { 0.0 } else { self.timed_out as f64 / self.attempts as f64 }
    }
}
