//! Computes the sample of one service, by which its settings are advised. In: readings, as time passes. Out: how attempts went
//! since sampling began, and the most that was seen of what limits are made from. Pure: the time is passed in.

use std::collections::VecDeque;
use std::time::Duration;

use resilience_settings::sorted::sort;

use crate::breaker_state::BreakerState;
use crate::clock::{Tick, micros, nanos};
use crate::monitor::latency::{COMPACT_BUCKETS, CompactCounts, quantile_between};
use crate::monitor::outcome::AttemptOutcome;
use crate::monitor::readings::Reading;
use crate::monitor::snapshot::SampleSnapshot;
use crate::monitor::stats::Stats;
use crate::monitor::waited_for::WaitedFor;

/// The stretch over which the share of retries is taken.
const STRETCH: Duration = Duration::from_mins(5);
/// So many stretches are kept: a day.
const STRETCHES: usize = 288;
/// A rate over less than this is chance.
const SHORTEST: Duration = Duration::from_secs(8);
/// The share of attempts that does not fail while a service is well.
const WELL: f64 = 0.99;

/// What has been seen of a service since sampling began.
#[derive(Debug)]
pub(in crate::monitor) struct Sample {
    since: Tick,
    /// The counters at the start; `None` when nothing was counted then.
    start: Option<Box<Totals>>,
    /// Calls in flight, added up over the readings, and how many those are.
    in_flight: (u64, u64),
    most_in_flight: u64,
    most_per_second: Option<f64>,
    stretch: Stretch,
    retry_shares: VecDeque<f32>,
}

/// The start of a stretch.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    at: Tick,
    calls: u64,
    retries: u64,
}

/// Counters of which the difference is told.
#[derive(Clone, Debug)]
struct Totals {
    attempts: u64,
    failed: u64,
    succeeded: u64,
    timed_out: u64,
    nanos: u64,
    waited: u64,
    openings: u64,
    latency: CompactCounts,
}

impl Totals {
    const NONE: Self = Self {
        attempts: 0,
        failed: 0,
        succeeded: 0,
        timed_out: 0,
        nanos: 0,
        waited: 0,
        openings: 0,
        latency: [0; COMPACT_BUCKETS],
    };

    fn of(stats: &Stats, reading: &Reading) -> Self {
        let latency = stats.attempt_latency();
        let waits = [WaitedFor::Queue, WaitedFor::RateLimit, WaitedFor::Backoff, WaitedFor::Idempotency];
        let (attempts, failed) = reading.attempts();
        Self {
            attempts,
            failed,
            succeeded: latency.count(),
            timed_out: stats.attempts(AttemptOutcome::TimedOut),
            nanos: nanos(latency.total()),
            waited: waits.iter().map(|wait| nanos(stats.waited(*wait))).sum(),
            openings: [BreakerState::Open, BreakerState::ForcedOpen]
                .iter()
                .map(|state| stats.breaker_transitions_to(*state))
                .sum(),
            latency: latency.compact(),
        }
    }
}

impl Sample {
    pub(in crate::monitor) fn new(stats: &Stats, reading: &Reading) -> Self {
        let (calls, retries) = reading.calls_and_retries();
        Self {
            since: reading.at,
            start: (stats.started() > 0).then(|| Box::new(Totals::of(stats, reading))),
            in_flight: (0, 0),
            most_in_flight: 0,
            most_per_second: None,
            stretch: Stretch { at: reading.at, calls, retries },
            retry_shares: VecDeque::new(),
        }
    }

    /// Adds a reading; `before` is one of about ten seconds ago.
    pub(in crate::monitor) fn add(&mut self, reading: &Reading, before: Option<&Reading>, in_flight: u64) {
        let (sum, readings) = self.in_flight;
        self.in_flight = (sum.saturating_add(in_flight), readings.saturating_add(1));
        if let Some(before) = before {
            let length = reading.at.since(before.at);
            let ((attempts, failed), (attempts_before, failed_before)) =
                (reading.attempts(), before.attempts());
            let attempts = attempts.saturating_sub(attempts_before);
            let failed = failed.saturating_sub(failed_before);
            if length >= SHORTEST {
                let rate = ratio(attempts, 1) / length.as_secs_f64();
                self.most_per_second = Some(self.most_per_second.map_or(rate, |most| most.max(rate)));
            }
            if ratio(failed, attempts) <= 1.0 - WELL {
                self.most_in_flight = self.most_in_flight.max(in_flight);
            }
        }
        if reading.at.since(self.stretch.at) >= STRETCH {
            let (calls, retries) = reading.calls_and_retries();
            let ended = calls.saturating_sub(self.stretch.calls);
            if ended > 0 {
                if self.retry_shares.len() == STRETCHES {
                    self.retry_shares.pop_front();
                }
                #[expect(clippy::cast_possible_truncation, reason = "a share, of which two digits count")]
                self.retry_shares
                    .push_back(ratio(retries.saturating_sub(self.stretch.retries), ended) as f32);
            }
            self.stretch = Stretch { at: reading.at, calls, retries };
        }
    }

    /// Its result so far.
    pub(in crate::monitor) fn snapshot(&self, stats: &Stats, now: Tick) -> SampleSnapshot {
        let (start, end) =
            (self.start.as_deref().unwrap_or(&Totals::NONE), Totals::of(stats, &Reading::new(stats, now)));
        let length = now.since(self.since);
        let since = |value: fn(&Totals) -> u64| value(&end).saturating_sub(value(start));
        let (attempts, succeeded) = (since(|totals| totals.attempts), since(|totals| totals.succeeded));
        let quantile = |share| quantile_between(&start.latency, &end.latency, share).map(micros);
        let (in_flight, readings) = self.in_flight;
        // Who waits for a slot, a permit or the next attempt is in a call, but in no attempt.
        let waiting = ratio(since(|totals| totals.waited), nanos(length));
        SampleSnapshot {
            length_us: micros(length),
            attempts,
            failed: since(|totals| totals.failed),
            succeeded,
            timed_out: since(|totals| totals.timed_out),
            mean_us: since(|totals| totals.nanos).checked_div(succeeded).map(|mean| mean / 1_000),
            p50_us: quantile(0.5),
            p95_us: quantile(0.95),
            p99_us: quantile(0.99),
            p999_us: quantile(0.999),
            attempts_per_second: ratio(attempts, 1) / length.as_secs_f64().max(1e-9),
            peak_attempts_per_second: self.most_per_second,
            in_flight_mean: (readings > 0).then(|| (ratio(in_flight, readings) - waiting).max(0.0)),
            in_flight_peak: self.most_in_flight,
            retry_share_p95: self.retry_share(0.95),
            breaker_openings: since(|totals| totals.openings),
            // Who resolves the settings knows.
            settings_updated_at_ms: None,
        }
    }

    /// The share of retries that so many stretches do not exceed.
    fn retry_share(&self, share: f64) -> Option<f64> {
        let mut shares: Vec<f32> = self.retry_shares.iter().copied().collect();
        sort(&mut shares, f32::total_cmp);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "at most as many as are kept"
        )]
        let rank = (share * shares.len() as f64).ceil() as usize;
        shares.get(rank.saturating_sub(1)).map(|share| f64::from(*share))
    }

    /// What it takes beside itself, in bytes.
    #[cfg(test)]
    pub(in crate::monitor) fn size(&self) -> usize {
        self.start.as_ref().map_or(0, |_| size_of::<Totals>())
            + self.retry_shares.capacity() * size_of::<f32>()
    }
}

#[expect(clippy::cast_precision_loss, reason = "rates and shares")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
