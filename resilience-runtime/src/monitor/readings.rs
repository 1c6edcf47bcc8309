//! Computes the difference between two readings of the counters of a service. In: the counters at one moment. Out: what is kept of
//! them, and the difference between two readings.

use super::latency::{CompactCounts, quantile_between};
use super::outcome::{AttemptOutcome, CallerOutcome};
use super::snapshot::{CallCounts, Window};
use super::stats::Stats;
use super::waited_for::WaitedFor;
use crate::clock::{Tick, micros};
use crate::ending::Ending;

/// What is kept of the counters of a service at one moment.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) at: Tick,
    outcomes: [u64; CallerOutcome::ALL.len()],
    attempts: u64,
    attempts_failed: u64,
    retries: u64,
    retries_refused: u64,
    measured: u64,
    measured_nanos: u64,
    queued_nanos: u64,
    latency: CompactCounts,
}

/// The outcomes of attempts that count against the dependency.
const FAILED: [AttemptOutcome; 5] = [
    AttemptOutcome::Retryable,
    AttemptOutcome::Throttled,
    AttemptOutcome::UnwantedOk,
    AttemptOutcome::TimedOut,
    AttemptOutcome::Panicked,
];

impl Reading {
    pub(super) fn new(stats: &Stats, at: Tick) -> Self {
        let mut outcomes = [0; CallerOutcome::ALL.len()];
        for (count, outcome) in outcomes.iter_mut().zip(CallerOutcome::ALL) {
            *count = stats.outcomes(*outcome);
        }
        let queued = stats.waited(WaitedFor::Queue).saturating_add(stats.waited(WaitedFor::RateLimit));
        Self {
            at,
            outcomes,
            attempts: stats.attempts_ended(),
            attempts_failed: FAILED.iter().map(|outcome| stats.attempts(*outcome)).sum(),
            retries: stats.retries(),
            retries_refused: stats.endings(Ending::BudgetExhausted),
            measured: stats.latency().count(),
            measured_nanos: crate::clock::nanos(stats.latency().total()),
            queued_nanos: crate::clock::nanos(queued),
            latency: stats.latency().compact(),
        }
    }

    /// Calls that ended, and those of them without a good answer.
    pub(super) fn ended_and_bad(&self) -> (u64, u64) {
        let counts = self.counts_since(None);
        (counts.ended(), counts.without_answer())
    }

    /// Attempts that ended, and those of them that count against the dependency.
    pub(super) fn attempts(&self) -> (u64, u64) {
        (self.attempts, self.attempts_failed)
    }

    /// Calls that ended, and retries.
    pub(super) fn calls_and_retries(&self) -> (u64, u64) {
        (self.counts_since(None).ended(), self.retries)
    }

    fn counts_since(&self, before: Option<&Self>) -> CallCounts {
        let count = |outcome: CallerOutcome| {
            let place = outcome as usize;
            self.outcomes[place].saturating_sub(before.map_or(0, |before| before.outcomes[place]))
        };
        CallCounts {
            in_flight: 0,
            success: count(CallerOutcome::Success),
            degraded: count(CallerOutcome::Degraded),
            declined: count(CallerOutcome::Declined),
            failure: count(CallerOutcome::Failure),
            rejected: count(CallerOutcome::Rejected),
            cancelled: count(CallerOutcome::Cancelled),
            panicked: count(CallerOutcome::Panicked),
        }
    }

    /// What happened since an earlier reading.
    #[expect(clippy::cast_precision_loss, reason = "rates and shares")]
    pub(super) fn since(&self, before: &Self, in_flight: u64) -> Window {
        let length = self.at.since(before.at);
        let calls = CallCounts { in_flight, ..self.counts_since(Some(before)) };
        let ended = calls.ended();
        let attempts = self.attempts.saturating_sub(before.attempts);
        let attempts_failed = self.attempts_failed.saturating_sub(before.attempts_failed);
        let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        let nanos = self.measured_nanos.saturating_sub(before.measured_nanos);
        let queued = self.queued_nanos.saturating_sub(before.queued_nanos);
        let quantile = |share| quantile_between(&before.latency, &self.latency, share).map(micros);
        let measured = self.measured.saturating_sub(before.measured);
        let seconds = length.as_secs_f64();
        Window {
            length_us: micros(length),
            calls_per_second: if seconds > 0.0 { ended as f64 / seconds } else { 0.0 },
            success_rate: calls.success_rate(),
            attempts,
            attempts_failed,
            attempt_success_rate: share(attempts.saturating_sub(attempts_failed), attempts),
            retry_rate: share(self.retries.saturating_sub(before.retries), ended),
            retries_refused: self.retries_refused.saturating_sub(before.retries_refused),
            // Rejected calls have waited, and have no call time of their own.
            waiting_share: share(queued, nanos.max(queued)).unwrap_or(0.0),
            mean_us: nanos.checked_div(measured).map(|mean| mean / 1_000),
            p50_us: quantile(0.5),
            p95_us: quantile(0.95),
            p99_us: quantile(0.99),
            calls,
        }
    }
}
