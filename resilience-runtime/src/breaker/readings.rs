//! Shows the state, counts and rates of a breaker, and changes nothing. In: a breaker and the time. Out: readings, for retry
//! decisions, adaptive rules and metrics.

use std::time::Duration;

use resilience_settings::policy::BreakerSettings;

use super::breaker::Breaker;
use super::evidence::vote_sink::Votes;
use super::rules::slices;
use crate::breaker_state::BreakerState;
use crate::breaker_state::totals::BreakerTotals;
use crate::clock::Tick;
use crate::counting::shard::Parts;

impl Breaker {
    /// The current state. An open breaker whose break is over stays open until the next attempt asks to run.
    pub(crate) fn state(&self) -> BreakerState {
        self.word().state()
    }

    /// Adds the number of transitions by state, and the time in each state until now, to `sums`.
    pub(crate) fn add_totals(&self, sums: &mut BreakerTotals, now: Tick) {
        let locked = self.locked();
        locked.timeline.add_to(sums, self.state(), now);
    }

    /// The rest of the break, while there is one.
    pub(crate) fn retry_after(&self, now: Tick) -> Option<Duration> {
        match self.state() {
            BreakerState::Open => self.remaining_break(now),
            _ => None,
        }
    }

    /// Whether an attempt at time `at` is certain to be rejected, as far as is known now. A half-open breaker does
    /// not count: it may be closed by then.
    pub(crate) fn would_reject_at(&self, at: Tick) -> bool {
        match self.state() {
            BreakerState::Open => self.remaining_break(at).is_some(),
            BreakerState::ForcedOpen => true,
            BreakerState::Closed | BreakerState::HalfOpen | BreakerState::ForcedClosed => false,
        }
    }

    /// The results that the breaker decides by: the last N, or those of its time window.
    pub(crate) fn counts(
        &self,
        all: &impl Parts<Votes>,
        now: Tick,
        settings: Option<&BreakerSettings>,
    ) -> super::evidence::vote::Counts {
        let key = self.word().key(slices(settings));
        match settings.map(|settings| settings.window) {
            Some(resilience_settings::policy::Window::Calls(_)) => self.count_window().counts(key.generation),
            _ => self.window.counts(all, key, now),
        }
    }

    /// The failure rate in the time window, also while the breaker is off (`settings` is `None`). `None` with fewer
    /// results than `min_calls` (20 while off), which are too few to mean anything.
    ///
    /// Adds up the counters of all threads, so an adaptive rule calls it when it needs the rate, and not on every
    /// call.
    pub(crate) fn failure_rate(
        &self,
        all: &impl Parts<Votes>,
        now: Tick,
        settings: Option<&BreakerSettings>,
    ) -> Option<f64> {
        const DEFAULT_MIN_CALLS: u32 = 20;
        let min_calls = settings.map_or(DEFAULT_MIN_CALLS, |settings| settings.min_calls);
        let counts = self.window.counts(all, self.word().key(slices(settings)), now);
        counts.failure_rate().filter(|_| counts.total() >= u64::from(min_calls))
    }

    /// The failure rate in the time window from any number of results; `None` without a result. For rules that have
    /// to decide now: taking "unknown" for "healthy" would pay for retries in an outage.
    pub(crate) fn failure_rate_so_far(
        &self,
        all: &impl Parts<Votes>,
        now: Tick,
        settings: Option<&BreakerSettings>,
    ) -> Option<f64> {
        self.window.counts(all, self.word().key(slices(settings)), now).failure_rate()
    }
}
