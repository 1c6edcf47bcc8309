//! Carries out the order of an operator at one breaker. In: the order. Out: a breaker that is forced open, forced closed or reset,
//! in a new generation.

use super::breaker::Breaker;
use super::transition::{OpenedBy, StateChange, Transition};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

impl Breaker {
    /// Rejects every attempt until [`reset`](Self::reset).
    pub(crate) fn force_open(&self, now: Tick) -> Option<Transition> {
        Some(self.force(BreakerState::ForcedOpen, now)?.opened(OpenedBy::ForceOpen, None))
    }

    /// Admits every attempt, whatever the results, until [`reset`](Self::reset).
    pub(crate) fn force_closed(&self, now: Tick) -> Option<Transition> {
        self.force(BreakerState::ForcedClosed, now).map(Transition::from)
    }

    /// Closes the breaker with an empty window and first-time breaks. A breaker that is closed already is emptied
    /// too, without a transition to report.
    pub(crate) fn reset(&self, now: Tick) -> Option<Transition> {
        let change = self.close(&mut self.locked(), now);
        (change.from != change.to).then_some(change.into())
    }

    /// Starts over as the breaker of another partition. That is no transition of either partition, so none is
    /// counted.
    pub(crate) fn restart(&self, now: Tick) {
        let mut locked = self.locked();
        locked.reset();
        locked.timeline.end(self.state(), now);
        self.start_generation(BreakerState::Closed);
    }

    fn force(&self, to: BreakerState, now: Tick) -> Option<StateChange> {
        // Trials are left as they are: none of them matters until the reset, which drops them.
        let mut locked = self.locked();
        (self.state() != to).then(|| self.enter(&mut locked, to, now))
    }
}
