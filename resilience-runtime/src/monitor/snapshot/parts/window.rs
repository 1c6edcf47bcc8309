//! Plain data: what a snapshot shows of the last seconds and minutes.

use super::calls::CallCounts;

/// The last 10 s, the last minute and the last five minutes.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Windows {
    /// How long the sampler has watched. What is shorter than a window says how much of it is known: "since 40 s".
    pub since_us: u64,
    /// The last 10 s.
    pub ten_seconds: Window,
    /// The last minute: what health is computed from.
    pub one_minute: Window,
    /// The last five minutes.
    pub five_minutes: Window,
}

/// What happened within a stretch of time that ends now.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Window {
    /// How long it is: less than its name says while the sampler is younger.
    pub length_us: u64,
    /// Calls that ended in it, by outcome; `in_flight` is how many were under way at its end.
    pub calls: CallCounts,
    /// Calls that ended per second.
    pub calls_per_second: f64,
    /// The effective success rate, as callers see it: (success + degraded + declined) ÷ (all − cancelled). `null` when
    /// nothing ended.
    pub success_rate: Option<f64>,
    /// Attempts that ended.
    pub attempts: u64,
    /// Ended attempts that count against the dependency: retryable, throttled, timed out, unwanted, panicked.
    pub attempts_failed: u64,
    /// The actual success rate, as the dependency answers: the share of attempts that did not fail. `null` without
    /// attempts.
    pub attempt_success_rate: Option<f64>,
    /// Retries per call that ended: 0.1 is one retry for ten calls. `null` when nothing ended.
    pub retry_rate: Option<f64>,
    /// Retries that the budget refused.
    pub retries_refused: u64,
    /// The share of call time that was spent in queues, for a permit or a slot; 0 to 1.
    pub waiting_share: f64,
    /// The mean time of the calls whose body ran; `null` without any.
    pub mean_us: Option<u64>,
    /// The time that half of them did not exceed, at most an eighth too long; `null` without any.
    pub p50_us: Option<u64>,
    /// The same of 95 in 100.
    pub p95_us: Option<u64>,
    /// The same of 99 in 100.
    pub p99_us: Option<u64>,
}
