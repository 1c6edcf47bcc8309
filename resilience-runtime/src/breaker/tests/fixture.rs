//! A breaker with settings that most tests share: calls go in, what they make of it comes out.

use resilience_settings::policy::{BreakerSettings, Window};

use super::super::{Admitted, Refused, Transition, Vote};
use super::rig::Rig;
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

/// A breaker with its settings, whose breaks have exactly the middle length.
pub(super) struct Fixture {
    pub(super) breaker: Rig,
    pub(super) settings: BreakerSettings,
}

impl Fixture {
    pub(super) fn new(settings: BreakerSettings) -> Self {
        Self { breaker: Rig::default(), settings }
    }

    pub(super) fn small() -> Self {
        Self::new(settings!(BreakerSettings { min_calls: 4, ..BreakerSettings::default() }))
    }

    pub(super) fn counting(calls: u32) -> Self {
        Self::new(settings!(BreakerSettings {
            min_calls: 4,
            window: Window::Calls(calls),
            ..BreakerSettings::default()
        }))
    }

    pub(super) fn admit(&self, now: u64) -> Result<Admitted, Refused> {
        self.breaker.admit(Tick(now), &self.settings)
    }

    pub(super) fn settle(&self, admitted: Admitted, vote: Vote, now: u64) -> Option<Transition> {
        self.breaker.settle(admitted, vote, Tick(now), &self.settings, || 0.5)
    }

    /// One call, from admission to vote.
    pub(super) fn call(&self, vote: Vote, now: u64) -> Option<Transition> {
        let admitted = self.admit(now).expect("admitted");
        self.settle(admitted, vote, now)
    }

    pub(super) fn calls(&self, vote: Vote, times: usize, now: u64) {
        for _ in 0..times {
            self.call(vote, now);
        }
    }

    /// Opens it by failures at that time; the break is the default 5 s.
    pub(super) fn open(self, now: u64) -> Self {
        while self.breaker.state() != BreakerState::Open {
            self.call(Vote::Failure, now);
        }
        self
    }
}
