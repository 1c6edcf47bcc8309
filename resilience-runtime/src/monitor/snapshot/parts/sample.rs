//! Data: what a snapshot shows of attempts over a longer time, as advice on settings needs it.

/// How the attempts of a service went since sampling of it began: what `resilience advise --from` goes by.
///
/// Sampling begins with the first question or with `monitor().start()`, and is forgotten when nobody has asked for a minute.
/// Times are those of attempts that succeeded, without what their calls waited for. Quantiles are at most an eighth too long.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SampleSnapshot {
    /// How long it is.
    pub length_us: u64,
    /// Attempts that ended.
    pub attempts: u64,
    /// Those of them that count against the dependency: retryable, throttled, timed out, unwanted, panicked.
    pub failed: u64,
    /// Those of them that succeeded, whose times are known.
    pub succeeded: u64,
    /// Those of them that ran into their timeout.
    pub timed_out: u64,
    /// The mean time of those that succeeded; `null` without any.
    pub mean_us: Option<u64>,
    /// The time that half of those did not exceed; `null` without any.
    pub p50_us: Option<u64>,
    /// The same of 95 in 100.
    pub p95_us: Option<u64>,
    /// The same of 99 in 100.
    pub p99_us: Option<u64>,
    /// The same of 999 in 1,000.
    pub p999_us: Option<u64>,
    /// Attempts that ended per second.
    pub attempts_per_second: f64,
    /// The most of them within 10 s; `null` before ten seconds have passed.
    pub peak_attempts_per_second: Option<f64>,
    /// Attempts in flight, as the mean of readings every two seconds; `null` before the first. Calls that wait are left out.
    pub in_flight_mean: Option<f64>,
    /// The most calls in flight at a reading after ten seconds in which at least 99 in 100 attempts did not fail.
    pub in_flight_peak: u64,
    /// Retries per call, in the stretch of five minutes that 95 in 100 stretches of the last day do not exceed; `null` before
    /// the first has passed.
    pub retry_share_p95: Option<f64>,
    /// How often a breaker of the service opened, by its rules or by hand.
    pub breaker_openings: u64,
    /// When a run-time update of the settings of the service last came into force or was taken back, by the program or an
    /// operator; `null` if none ever was. That of a file is in [`ProcessSnapshot`](super::super::ProcessSnapshot).
    pub settings_updated_at_ms: Option<u64>,
}
