//! What an operator wants of a breaker goes in, a breaker that is so comes out.

use super::state::ServiceState;
use crate::breaker::Transition;
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

/// What an operator wants of breakers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::registry) enum Wish {
    /// That they go by their own rules.
    #[default]
    Free,
    /// That they reject every call.
    Open,
    /// That they admit every call.
    Closed,
}

impl ServiceState {
    /// Does it to the one breaker.
    pub(in crate::registry) fn operate(&self, wish: Wish, now: Tick) -> Option<Transition> {
        match wish {
            Wish::Free => self.breaker.reset(now),
            Wish::Open => self.breaker.force_open(now),
            Wish::Closed => self.breaker.force_closed(now),
        }
    }

    /// Has the breaker of a new partition be as the operator wants those of all. Nobody uses it yet.
    pub(in crate::registry) fn comply(&self, wish: Wish, now: Tick) {
        if wish != Wish::Free {
            self.operate(wish, now);
            debug_assert_ne!(self.breaker.state(), BreakerState::Closed, "it is forced");
        }
    }
}
