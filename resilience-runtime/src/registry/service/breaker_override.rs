//! What an operator wants of a breaker goes in, a breaker that is so comes out.

use super::service_state::ServiceState;
use crate::breaker::Transition;
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

/// What an operator wants of breakers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::registry) enum BreakerOverride {
    /// That they go by their own rules.
    #[default]
    None,
    /// That they reject every call.
    Open,
    /// That they admit every call.
    Closed,
}

impl ServiceState {
    /// Does it to the one breaker.
    pub(in crate::registry) fn operate(
        &self,
        breaker_override: BreakerOverride,
        now: Tick,
    ) -> Option<Transition> {
        match breaker_override {
            BreakerOverride::None => self.breaker.reset(now),
            BreakerOverride::Open => self.breaker.force_open(now),
            BreakerOverride::Closed => self.breaker.force_closed(now),
        }
    }

    /// Has the breaker of a new partition be as the operator wants those of all. Nobody uses it yet.
    pub(in crate::registry) fn apply_override(&self, breaker_override: BreakerOverride, now: Tick) {
        if breaker_override != BreakerOverride::None {
            self.operate(breaker_override, now);
            debug_assert_ne!(self.breaker.state(), BreakerState::Closed, "it is forced");
        }
    }
}
