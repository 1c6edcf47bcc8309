//! A breaker together with the counters that a service keeps for it.

use std::ops::Deref;

use resilience_settings::policy::BreakerSettings;

use super::super::evidence::time_window::TimeWindow;
use super::super::evidence::vote::Counts;
use super::super::{Admitted, Breaker, Origin, Refused, Rules, Transition, Vote, VoteSink, Votes};
use crate::clock::Tick;
use crate::counting::shard::{Sharded, Slot};
use crate::counting::slices::Slices;

#[derive(Default)]
pub(super) struct Rig {
    breaker: Breaker,
    votes: Sharded<Votes>,
}

impl Deref for Rig {
    type Target = Breaker;

    fn deref(&self) -> &Breaker {
        &self.breaker
    }
}

impl Rig {
    /// For an attempt without a timeout.
    pub(super) fn admit(&self, now: Tick, settings: &BreakerSettings) -> Result<Admitted, Refused> {
        self.breaker.admit(now, settings, None)
    }

    pub(super) fn settle(
        &self,
        admitted: Admitted,
        vote: Vote,
        now: Tick,
        settings: &BreakerSettings,
        draw: impl FnOnce() -> f64,
    ) -> Option<Transition> {
        self.settle_on(Slot::current(), admitted, vote, now, settings, draw)
    }

    /// As the thread with this slot.
    pub(super) fn settle_on(
        &self,
        slot: Slot,
        admitted: Admitted,
        vote: Vote,
        now: Tick,
        settings: &BreakerSettings,
        draw: impl FnOnce() -> f64,
    ) -> Option<Transition> {
        self.settle_all(slot, Origin::NONE, admitted, vote, now, settings, draw)
    }

    /// With the call that the result belongs to.
    #[expect(clippy::too_many_arguments, reason = "all that can be said of a result")]
    pub(super) fn settle_all(
        &self,
        slot: Slot,
        origin: Origin,
        admitted: Admitted,
        vote: Vote,
        now: Tick,
        settings: &BreakerSettings,
        draw: impl FnOnce() -> f64,
    ) -> Option<Transition> {
        let sink = VoteSink { own: self.votes.part(slot), all: &self.votes, by: slot };
        self.breaker.settle(admitted, vote, origin, now, sink, Rules::of(settings), draw)
    }

    pub(super) fn record(&self, vote: Vote, now: Tick) {
        let slot = Slot::current();
        self.breaker.record(vote, now, self.votes.part(slot), slot);
    }

    pub(super) fn counts(&self, now: Tick, settings: Option<&BreakerSettings>) -> Counts {
        self.breaker.counts(&self.votes, now, settings)
    }

    pub(super) fn failure_rate(&self, now: Tick, settings: Option<&BreakerSettings>) -> Option<f64> {
        self.breaker.failure_rate(&self.votes, now, settings)
    }

    pub(super) fn reshape(&self, old: Option<&BreakerSettings>, new: Option<&BreakerSettings>, now: Tick) {
        self.breaker.reshape(&self.votes, old, new, now);
    }
}

/// The time window alone.
#[derive(Default)]
pub(super) struct WindowRig {
    window: TimeWindow,
    votes: Sharded<Votes>,
}

impl WindowRig {
    pub(super) fn record(&self, vote: Vote, generation: u32, slices: Slices, now: Tick) {
        let slot = Slot::current();
        self.window.record(self.votes.part(slot), vote, generation, slices, now, slot);
    }

    pub(super) fn counts(&self, generation: u32, slices: Slices, now: Tick) -> Counts {
        self.window.counts(&self.votes, generation, slices, now)
    }

    pub(super) fn reshape(&self, generation: u32, old: Slices, new: Slices, now: Tick) {
        self.window.reshape(&self.votes, generation, old, new, now);
    }
}
