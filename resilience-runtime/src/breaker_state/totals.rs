//! Data: how often breakers changed their state, and how long they were in each, of one breaker or of many. Plain numbers on the
//! ground: the breaker adds to them, the counters of a service read them.

use std::time::Duration;

use crate::breaker_state::BreakerState;

const STATES: usize = BreakerState::ALL.len();

/// How often breakers went from each state to each other, and how long they were in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BreakerTotals {
    transitions: [[u64; STATES]; STATES],
    nanos: [u64; STATES],
}

impl BreakerTotals {
    /// Counts a transition.
    pub(crate) fn count(&mut self, from: BreakerState, to: BreakerState) {
        let count = &mut self.transitions[from as usize][to as usize];
        *count = count.wrapping_add(1);
    }

    /// Adds time spent in a state.
    pub(crate) fn spend(&mut self, state: BreakerState, nanos: u64) {
        let sum = &mut self.nanos[state as usize];
        *sum = sum.saturating_add(nanos);
    }

    /// Adds the sums of another breaker.
    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, count) in
            self.transitions.as_flattened_mut().iter_mut().zip(other.transitions.as_flattened())
        {
            *sum = sum.wrapping_add(*count);
        }
        for (sum, nanos) in self.nanos.iter_mut().zip(other.nanos) {
            *sum = sum.saturating_add(nanos);
        }
    }

    /// Transitions from one state to another.
    pub(crate) fn transitions(&self, from: BreakerState, to: BreakerState) -> u64 {
        self.transitions[from as usize][to as usize]
    }

    /// Time spent in a state.
    pub(crate) fn time_in(&self, state: BreakerState) -> Duration {
        Duration::from_nanos(self.nanos[state as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_and_each_pair_has_a_sum_of_its_own() {
        let mut all = BreakerTotals::default();
        for (place, &state) in BreakerState::ALL.iter().enumerate() {
            assert_eq!(state as usize, place);
            let mut one = BreakerTotals::default();
            one.spend(state, 10 + place as u64);
            one.spend(state, 1);
            for &to in BreakerState::ALL {
                for _ in 0..=place * STATES + to as usize {
                    one.count(state, to);
                }
            }
            all.add(&one);
        }
        for (place, &state) in BreakerState::ALL.iter().enumerate() {
            assert_eq!(all.time_in(state), Duration::from_nanos(11 + place as u64));
            for &to in BreakerState::ALL {
                assert_eq!(all.transitions(state, to), (place * STATES + to as usize + 1) as u64);
            }
        }
    }

    #[test]
    fn sums_of_time_saturate() {
        let mut sums = BreakerTotals::default();
        sums.spend(BreakerState::Open, u64::MAX);
        sums.spend(BreakerState::Open, 5);
        let other = sums;
        sums.add(&other);
        assert_eq!(sums.time_in(BreakerState::Open), Duration::from_nanos(u64::MAX));
    }
}
