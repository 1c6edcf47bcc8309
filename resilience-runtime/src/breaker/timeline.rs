//! Counts the transitions of a breaker and the time that it spends in each state. In: each transition and its time. Out: how often
//! it went from each state to each other, and how long it was in each, the current state up to now.

use super::transition::StateChange;
use crate::breaker_state::BreakerState;
use crate::breaker_state::totals::BreakerTotals;
use crate::clock::Tick;

/// The past of one breaker. Most breakers never leave their first state, so the sums are allocated at the first
/// transition.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// When the current state began.
    since: Tick,
    /// The states before the current one.
    past: Option<Box<BreakerTotals>>,
    /// Nothing is recorded: the breaker is only observed, and what it does is not what happens to calls.
    is_paused: bool,
}

impl Timeline {
    /// The timeline of a breaker that is created now.
    pub(super) fn new(now: Tick) -> Self {
        Self { since: now, ..Self::default() }
    }

    /// Records nothing from now on; the time in `state` ends.
    pub(super) fn pause(&mut self, state: BreakerState, now: Tick) {
        self.end(state, now);
        self.is_paused = true;
    }

    /// Records again, from now on.
    pub(super) fn resume(&mut self, now: Tick) {
        if std::mem::take(&mut self.is_paused) {
            self.since = now;
        }
    }

    /// Records a transition.
    pub(super) fn enter(&mut self, StateChange { from, to }: StateChange, now: Tick) {
        self.end(from, now);
        // A restart without a change of state is no transition.
        if from != to && !self.is_paused {
            self.past.get_or_insert_default().count(from, to);
        }
    }

    /// Ends the time in `state`; the next state begins. Threads read the clock before they wait for the lock, so
    /// `now` may lie before the start of this state, which then has lasted no time.
    pub(super) fn end(&mut self, state: BreakerState, now: Tick) {
        if self.is_paused {
            return;
        }
        self.past.get_or_insert_default().spend(state, now.nanos_since(self.since));
        self.since = self.since.max(now);
    }

    /// Adds everything up to now to `sums`; `state` is the current state.
    pub(super) fn add_to(&self, sums: &mut BreakerTotals, state: BreakerState, now: Tick) {
        if let Some(past) = &self.past {
            sums.add(past);
        }
        if !self.is_paused {
            sums.spend(state, now.nanos_since(self.since));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn read(timeline: &Timeline, state: BreakerState, now: u64) -> BreakerTotals {
        let mut sums = BreakerTotals::default();
        timeline.add_to(&mut sums, state, Tick(now));
        sums
    }

    #[test]
    fn the_present_state_lasts_until_now_and_the_past_ones_as_long_as_they_did() {
        use BreakerState::{Closed, Open};
        let mut timeline = Timeline::new(Tick(100));
        assert_eq!(read(&timeline, Closed, 130).time_in(Closed), Duration::from_nanos(30));
        timeline.enter(StateChange { from: Closed, to: Open }, Tick(150));
        let sums = read(&timeline, Open, 157);
        assert_eq!((sums.time_in(Closed).as_nanos(), sums.time_in(Open).as_nanos()), (50, 7));
        assert_eq!((sums.transitions(Closed, Open), sums.transitions(Open, Closed)), (1, 0));
    }

    #[test]
    fn while_it_is_paused_nothing_is_recorded_and_no_time_passes() {
        use BreakerState::{Closed, Open};
        let mut timeline = Timeline::new(Tick(0));
        timeline.pause(Closed, Tick(10));
        timeline.pause(Closed, Tick(15));
        timeline.enter(StateChange { from: Closed, to: Open }, Tick(20));
        timeline.end(Open, Tick(30));
        let paused = read(&timeline, Open, 40);
        assert_eq!((paused.time_in(Closed).as_nanos(), paused.time_in(Open).as_nanos()), (10, 0));
        assert_eq!(paused.transitions(Closed, Open), 0);
        timeline.resume(Tick(50));
        timeline.resume(Tick(55));
        timeline.enter(StateChange { from: Closed, to: Open }, Tick(60));
        let resumed = read(&timeline, Open, 61);
        assert_eq!((resumed.time_in(Closed).as_nanos(), resumed.time_in(Open).as_nanos()), (20, 1));
        assert_eq!(resumed.transitions(Closed, Open), 1);
    }

    #[test]
    fn a_thread_that_waited_for_the_lock_makes_no_time_twice() {
        use BreakerState::{Closed, ForcedOpen, Open};
        let mut timeline = Timeline::new(Tick(0));
        timeline.enter(StateChange { from: Closed, to: Open }, Tick(50));
        timeline.enter(StateChange { from: Open, to: ForcedOpen }, Tick(40));
        let sums = read(&timeline, ForcedOpen, 60);
        let times = [Closed, Open, ForcedOpen].map(|state| sums.time_in(state).as_nanos());
        assert_eq!(times, [50, 0, 10]);
        assert_eq!(read(&timeline, ForcedOpen, 30).time_in(ForcedOpen), Duration::ZERO);
    }
}
