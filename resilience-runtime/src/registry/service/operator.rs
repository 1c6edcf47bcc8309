//! What an operator does to the breakers of a service: to its own, and to those of all its partitions, present and future.

use super::service::Service;
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

impl Service {
    /// Opens the breaker, and that of each partition, until [`reset_breaker`](Self::reset_breaker): every call is rejected.
    pub fn force_open(&'static self) {
        self.operate(Wish::Open);
    }

    /// Keeps the breaker closed, and that of each partition, until [`reset_breaker`](Self::reset_breaker), whatever the
    /// results.
    pub fn force_closed(&'static self) {
        self.operate(Wish::Closed);
    }

    /// Closes the breaker with an empty window, and that of each partition, also when it is closed already.
    pub fn reset_breaker(&'static self) {
        self.operate(Wish::Free);
    }

    fn operate(&'static self, wish: Wish) {
        let own = self.place();
        let transition = self.partitions.operate(own, wish, self.now());
        self.target().announce(transition);
    }
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
