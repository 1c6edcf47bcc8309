//! What an operator does to a breaker. Each of these starts a generation, so that attempts under way do not vote
//! on what comes after.

use super::machine::Breaker;
use super::state::{BreakerState, Transition};

impl Breaker {
    /// Rejects every call until [`reset`](Self::reset).
    pub(crate) fn force_open(&self) -> Option<Transition> {
        self.force(BreakerState::ForcedOpen)
    }

    /// Admits every call, however they end, until [`reset`](Self::reset).
    pub(crate) fn force_closed(&self) -> Option<Transition> {
        self.force(BreakerState::ForcedClosed)
    }

    /// Closes with an empty window and first-time breaks, also a breaker that is closed already; then there is
    /// no transition to tell of.
    pub(crate) fn reset(&self) -> Option<Transition> {
        let transition = self.close(&mut self.control());
        (transition.from != transition.to).then_some(transition)
    }

    fn force(&self, to: BreakerState) -> Option<Transition> {
        // Nothing in the book of trials matters until the reset that empties it.
        let _control = self.control();
        (self.state() != to).then(|| self.enter(to))
    }
}
