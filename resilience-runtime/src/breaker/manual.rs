//! What an operator does to a breaker. Each of these starts a generation, so that attempts under way do not vote
//! on what comes after.

use super::breaker::Breaker;
use super::transition::{OpenedBy, StateChange, Transition};
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

impl Breaker {
    /// Rejects every call until [`reset`](Self::reset).
    pub(crate) fn force_open(&self, now: Tick) -> Option<Transition> {
        Some(self.force(BreakerState::ForcedOpen, now)?.opened(OpenedBy::ForceOpen, None))
    }

    /// Admits every call, however they end, until [`reset`](Self::reset).
    pub(crate) fn force_closed(&self, now: Tick) -> Option<Transition> {
        self.force(BreakerState::ForcedClosed, now).map(Transition::from)
    }

    /// Closes with an empty window and first-time breaks, also a breaker that is closed already; then there is
    /// no transition to tell of.
    pub(crate) fn reset(&self, now: Tick) -> Option<Transition> {
        let change = self.close(&mut self.locked(), now);
        (change.from != change.to).then_some(change.into())
    }

    /// The same for the breaker of another partition, which begins here: that is no transition of either.
    pub(crate) fn restart(&self, now: Tick) {
        let mut locked = self.locked();
        locked.reset();
        locked.timeline.end(self.state(), now);
        self.start_generation(BreakerState::Closed);
    }

    fn force(&self, to: BreakerState, now: Tick) -> Option<StateChange> {
        // Nothing in the book of trials matters until the reset that empties it.
        let mut locked = self.locked();
        (self.state() != to).then(|| self.enter(&mut locked, to, now))
    }
}
