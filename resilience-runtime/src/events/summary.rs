//! Decides how the summary line of a service reads in the log. In: what has happened to a service in an interval. Out: its line,
//! for those who have nothing but a log.

use resilience_settings::printable::Printable;
use tracing::info;

/// What an interval was like for the callers of a service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Summary<'a> {
    pub(crate) service: &'a str,
    /// How long the interval was.
    pub(crate) seconds: f64,
    /// Calls that ended in it.
    pub(crate) calls: u64,
    pub(crate) success_rate: Option<f64>,
    /// Calls by outcome, those that succeeded left out.
    pub(crate) degraded: u64,
    pub(crate) declined: u64,
    pub(crate) failure: u64,
    pub(crate) rejected: u64,
    pub(crate) cancelled: u64,
    pub(crate) panicked: u64,
    /// Attempts that ended, and those of them that speak against the dependency.
    pub(crate) attempts: u64,
    pub(crate) attempts_failed: u64,
    /// Latencies of calls in seconds.
    pub(crate) p50: Option<f64>,
    pub(crate) p95: Option<f64>,
    pub(crate) p99: Option<f64>,
    pub(crate) breaker: &'static str,
    pub(crate) health: u8,
}

/// Writes the line.
pub(super) fn write(summary: &Summary<'_>) {
    info!(
        target: "resilience::summary",
        service = %Printable(summary.service),
        seconds = summary.seconds,
        calls = summary.calls,
        success_rate = summary.success_rate,
        degraded = summary.degraded,
        declined = summary.declined,
        failure = summary.failure,
        rejected = summary.rejected,
        cancelled = summary.cancelled,
        panicked = summary.panicked,
        attempts = summary.attempts,
        attempts_failed = summary.attempts_failed,
        p50_seconds = summary.p50,
        p95_seconds = summary.p95,
        p99_seconds = summary.p99,
        breaker = summary.breaker,
        health = summary.health,
        "summary"
    );
}
