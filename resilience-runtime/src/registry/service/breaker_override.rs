//! Applies the override of an operator to one breaker. In: an operator's override. Out: a breaker that follows it.

use super::service_state::ServiceState;
use crate::breaker::Transition;
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

/// An operator's override of breakers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::registry) enum BreakerOverride {
    /// Breakers follow their own rules.
    #[default]
    None,
    /// Breakers reject every call.
    Open,
    /// Breakers admit every call.
    Closed,
}

impl ServiceState {
    /// Applies an override to the breaker; none resets it.
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

    /// Applies the override of a service to a new partition, which nobody uses yet.
    pub(in crate::registry) fn apply_override(&self, breaker_override: BreakerOverride, now: Tick) {
        if breaker_override != BreakerOverride::None {
            self.operate(breaker_override, now);
            debug_assert_ne!(self.breaker.state(), BreakerState::Closed, "it is forced");
        }
    }
}
