//! What a breaker tells of itself without changing anything: for the retry decision, the adaptive rules, metrics.

use std::time::Duration;

use super::breaker::Breaker;
use super::evidence::vote_sink::Votes;
use super::rules::slices;
use crate::breaker_state::BreakerState;
use crate::breaker_state::totals::BreakerTotals;
use crate::clock::Tick;
use crate::counting::shard::Parts;
use crate::policy::BreakerSettings;

impl Breaker {
    /// The state. An open breaker whose break is over stays open until the next attempt asks.
    pub(crate) fn state(&self) -> BreakerState {
        self.word().state()
    }

    /// Adds how often it went from state to state, and how long it was in each so far.
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

    /// Whether an attempt at that time would certainly be rejected, by what is known now. A half-open breaker
    /// may be closed by then.
    pub(crate) fn would_reject_at(&self, at: Tick) -> bool {
        match self.state() {
            BreakerState::Open => self.remaining_break(at).is_some(),
            BreakerState::ForcedOpen => true,
            BreakerState::Closed | BreakerState::HalfOpen | BreakerState::ForcedClosed => false,
        }
    }

    /// What the breaker decides by: the last N results, or those of the last so much time.
    pub(crate) fn counts(
        &self,
        all: &impl Parts<Votes>,
        now: Tick,
        settings: Option<&BreakerSettings>,
    ) -> super::evidence::vote::Counts {
        let generation = self.word().generation();
        match settings.map(|settings| settings.window) {
            Some(crate::policy::Window::Calls(_)) => self.count_window().counts(generation),
            _ => self.window.counts(all, generation, slices(settings), now),
        }
    }

    /// The share of failures in the window of time, also while the breaker is off (`None` settings). `None` as
    /// long as there are fewer results than `min_calls` (20 when off): they would not mean anything.
    ///
    /// It adds up the parts of all threads, so ask when an adaptive rule needs it and not on every call.
    pub(crate) fn failure_rate(
        &self,
        all: &impl Parts<Votes>,
        now: Tick,
        settings: Option<&BreakerSettings>,
    ) -> Option<f64> {
        const DEFAULT_MIN_CALLS: u32 = 20;
        let min_calls = settings.map_or(DEFAULT_MIN_CALLS, |settings| settings.min_calls);
        let counts = self.window.counts(all, self.word().generation(), slices(settings), now);
        counts.failure_rate().filter(|_| counts.total() >= u64::from(min_calls))
    }

    /// The share of failures among whatever the window of time holds, however little; `None` if that is nothing. For
    /// rules that have to decide now: to take the unknown for well is to pay for retries in an outage.
    pub(crate) fn failure_rate_so_far(
        &self,
        all: &impl Parts<Votes>,
        now: Tick,
        settings: Option<&BreakerSettings>,
    ) -> Option<f64> {
        self.window.counts(all, self.word().generation(), slices(settings), now).failure_rate()
    }
}
