//! Tests of the whole breaker: scenarios, a reference model, threads, reloads, loom models.

#[cfg(resilience_loom)]
mod explored;
mod extremes;
mod light_traffic;
mod model;
mod reload;
mod rig;
mod scenarios;
mod threads;
mod time_window;
mod trials;

use std::time::Duration;

use resilience_settings::policy::{BreakerSettings, Window};

use self::rig::Rig;
use super::{Admitted, Refused, Transition, Vote};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

const MS: u64 = 1_000_000;
const S: u64 = 1_000 * MS;

/// A breaker with its settings, whose breaks have exactly the middle length.
struct Fixture {
    breaker: Rig,
    settings: BreakerSettings,
}

impl Fixture {
    fn new(settings: BreakerSettings) -> Self {
        Self { breaker: Rig::default(), settings }
    }

    fn small() -> Self {
        Self::new(settings!(BreakerSettings { min_calls: 4, ..BreakerSettings::default() }))
    }

    fn counting(calls: u32) -> Self {
        Self::new(settings!(BreakerSettings {
            min_calls: 4,
            window: Window::Calls(calls),
            ..BreakerSettings::default()
        }))
    }

    fn admit(&self, now: u64) -> Result<Admitted, Refused> {
        self.breaker.admit(Tick(now), &self.settings)
    }

    fn settle(&self, admitted: Admitted, vote: Vote, now: u64) -> Option<Transition> {
        self.breaker.settle(admitted, vote, Tick(now), &self.settings, || 0.5)
    }

    /// One call, from admission to vote.
    fn call(&self, vote: Vote, now: u64) -> Option<Transition> {
        let admitted = self.admit(now).expect("admitted");
        self.settle(admitted, vote, now)
    }

    fn calls(&self, vote: Vote, times: usize, now: u64) {
        for _ in 0..times {
            self.call(vote, now);
        }
    }

    /// Opens it by failures at that time; the break is the default 5 s.
    fn open(self, now: u64) -> Self {
        while self.breaker.state() != BreakerState::Open {
            self.call(Vote::Failure, now);
        }
        self
    }
}

fn after(millis: u64) -> Result<(), Refused> {
    Err(Refused { retry_after: Some(Duration::from_millis(millis)) })
}
