//! A breaker together with the counters that a service keeps for it.

use std::ops::Deref;

use resilience_settings::policy::BreakerSettings;

use super::super::evidence::time_window::TimeWindow;
use super::super::evidence::vote::Counts;
use super::super::{Admitted, Breaker, CastVote, Origin, Refused, Rules, Transition, Vote, VoteSink, Votes};
use crate::clock::Tick;
use crate::counting::shard::{Sharded, Slot};
use crate::counting::slices::Slices;
use crate::counting::window_key::WindowKey;

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
        self.settle_cast(slot, admitted, CastVote { vote, origin: Origin::NONE, at: now }, settings, draw)
    }

    /// With the call that the result belongs to.
    pub(super) fn settle_cast(
        &self,
        slot: Slot,
        admitted: Admitted,
        cast: CastVote,
        settings: &BreakerSettings,
        draw: impl FnOnce() -> f64,
    ) -> Option<Transition> {
        let sink = VoteSink { own: self.votes.part(slot), all: &self.votes, by: slot };
        self.breaker.settle(admitted, cast, sink, Rules::of(settings), draw)
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
        self.window.record(self.votes.part(slot), vote, WindowKey { generation, slices }, now, slot);
    }

    pub(super) fn counts(&self, generation: u32, slices: Slices, now: Tick) -> Counts {
        self.window.counts(&self.votes, WindowKey { generation, slices }, now)
    }

    pub(super) fn reshape(&self, generation: u32, old: Slices, new: Slices, now: Tick) {
        self.window.reshape(&self.votes, WindowKey { generation, slices: old }, new, now);
    }
}
