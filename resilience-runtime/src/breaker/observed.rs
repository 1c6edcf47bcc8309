//! Switches a breaker to `mode = Observe` and back: nobody follows its decisions meanwhile. In: that its service is only observed
//! from now on, or no more. Out: a breaker that keeps its window and tells nobody of its transitions, and one that starts closed.

use super::breaker::Breaker;
use crate::breaker_state::BreakerState;
use crate::clock::Tick;

impl Breaker {
    /// Its transitions are not recorded from now on.
    pub(crate) fn observe(&self, now: Tick) {
        let mut locked = self.locked();
        locked.timeline.pause(self.state(), now);
    }

    /// Its transitions are recorded again. It starts closed: with the results that it has, or with none where it would have
    /// been open, as nothing votes then. What an operator has forced stays forced.
    pub(crate) fn enforce(&self, now: Tick) {
        let mut locked = self.locked();
        locked.timeline.resume(now);
        if matches!(self.state(), BreakerState::Open | BreakerState::HalfOpen) {
            locked.reset();
            self.start_generation(BreakerState::Closed);
        }
    }
}
