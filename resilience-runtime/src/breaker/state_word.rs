//! Packs the state of a breaker and its generation into one word, so that one load reads both. In: a state, a generation, the
//! number of a trial. Out: the word, and each of them back.

use crate::breaker_state::BreakerState;
use crate::counting::slices::Slices;
use crate::counting::window_key::WindowKey;

/// A state with its generation: `generation << 8 | state`. Every transition starts a generation, so an unchanged word
/// means that nothing happened in between. 40 bits last 30 years at a thousand transitions a second, which is as fast
/// as breaks can end. The 16 bits above hold the number of a trial in its ticket; in the breaker's own word they are
/// zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct StateWord(pub(super) u64);

impl StateWord {
    #[cfg(test)]
    pub(super) const FIRST: Self = Self(0);

    /// Whether attempts are admitted unconditionally: closed or forced closed. The codes of these two states differ
    /// from each other in one bit that no other state has, so this is one test.
    #[inline]
    pub(super) fn is_closed(self) -> bool {
        self.0 & 0b1111_1011 == 0
    }

    #[inline]
    pub(super) fn state(self) -> BreakerState {
        match self.0 & 0xff {
            0 => BreakerState::Closed,
            1 => BreakerState::Open,
            2 => BreakerState::HalfOpen,
            3 => BreakerState::ForcedOpen,
            _ => BreakerState::ForcedClosed,
        }
    }

    /// The generation, in as many bits as the tags of votes have.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "tags compare neighbours, not four billion apart")]
    pub(super) fn generation(self) -> u32 {
        (self.0 >> 8) as u32
    }

    /// Which votes belong to it, in slices of that length.
    #[inline]
    pub(super) fn key(self, slices: Slices) -> WindowKey {
        WindowKey { generation: self.generation(), slices }
    }

    /// The first word of the next generation.
    pub(super) fn next(self, state: BreakerState) -> Self {
        let code = match state {
            BreakerState::Closed => 0,
            BreakerState::Open => 1,
            BreakerState::HalfOpen => 2,
            BreakerState::ForcedOpen => 3,
            BreakerState::ForcedClosed => 4,
        };
        Self(((self.0 >> 8).wrapping_add(1) << 8 | code) & WITHOUT_TRIAL)
    }

    /// This word as the ticket of a trial.
    pub(super) fn of_trial(self, number: u16) -> Self {
        Self(self.0 & WITHOUT_TRIAL | u64::from(number) << TRIAL_SHIFT)
    }

    /// The number of the trial; 0 if the ticket is not one of a trial.
    pub(super) fn trial(self) -> u16 {
        (self.0 >> TRIAL_SHIFT) as u16
    }

    /// The breaker's own word at the time of the admission.
    #[inline]
    pub(super) fn without_trial(self) -> Self {
        Self(self.0 & WITHOUT_TRIAL)
    }
}

const TRIAL_SHIFT: u32 = 48;
const WITHOUT_TRIAL: u64 = (1 << TRIAL_SHIFT) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_state_and_counts_generations() {
        let mut word = StateWord::FIRST;
        assert_eq!((word.state(), word.generation()), (BreakerState::Closed, 0));
        for (generation, &state) in (1..).zip(BreakerState::ALL) {
            word = word.next(state);
            assert_eq!((word.state(), word.generation()), (state, generation));
            assert_eq!(word.is_closed(), state.is_closed());
            let trial = word.of_trial(u16::MAX);
            assert_eq!((trial.trial(), trial.without_trial(), trial.state()), (u16::MAX, word, state));
            assert_eq!((word.trial(), trial.next(state).trial()), (0, 0));
        }
    }
}
