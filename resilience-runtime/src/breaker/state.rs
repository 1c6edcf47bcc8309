//! The states of a breaker and the word that packs one with its generation, so that one load tells both.

use crate::policy::words::words;

words! {
    /// What a circuit breaker is doing.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum BreakerState {
        /// Calls pass, and their results are counted.
        Closed = "closed",
        /// Calls are rejected until the break is over.
        Open = "open",
        /// A few trials pass, to find out whether the dependency is back.
        HalfOpen = "half_open",
        /// Calls are rejected until somebody resets the breaker.
        ForcedOpen = "forced_open",
        /// Calls pass whatever their results, until somebody resets the breaker.
        ForcedClosed = "forced_closed",
    }
}

impl BreakerState {
    /// Whether calls pass as a matter of course: closed, or forced closed.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Closed | Self::ForcedClosed)
    }

    /// Whether calls are rejected: open, or forced open.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::ForcedOpen)
    }

    /// Whether only trials pass.
    pub const fn is_half_open(self) -> bool {
        matches!(self, Self::HalfOpen)
    }
}

/// A change of state, for events and counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) from: BreakerState,
    pub(crate) to: BreakerState,
}

/// A state with its generation: `generation << 8 | state`. Every transition starts a generation, so a word that
/// still reads the same means that nothing happened in between. 40 bits outlast 30 years at a thousand
/// transitions a second, which is as fast as breaks can end. In the 16 bits above, what a trial keeps of its admission
/// has its number; the word of a breaker has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Word(pub(super) u64);

impl Word {
    #[cfg(test)]
    pub(super) const FIRST: Self = Self(0);

    /// Whether calls pass as a matter of course. One test, since the codes of the two such states differ in one bit
    /// that no other has.
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

    /// The generation, in as many bits as votes are tagged with.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "tags compare neighbours, not four billion apart")]
    pub(super) fn generation(self) -> u32 {
        (self.0 >> 8) as u32
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

    /// The same as the word of a trial.
    pub(super) fn of_trial(self, number: u16) -> Self {
        Self(self.0 & WITHOUT_TRIAL | u64::from(number) << TRIAL_SHIFT)
    }

    /// The number of the trial; 0 for anything else.
    pub(super) fn trial(self) -> u16 {
        (self.0 >> TRIAL_SHIFT) as u16
    }

    /// The word of the breaker that gave it.
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
    fn every_state_lets_calls_pass_rejects_them_or_tries() {
        let passes = BreakerState::ALL.iter().filter(|state| state.is_closed());
        assert_eq!(passes.collect::<Vec<_>>(), [&BreakerState::Closed, &BreakerState::ForcedClosed]);
        let rejects = BreakerState::ALL.iter().filter(|state| state.is_open());
        assert_eq!(rejects.collect::<Vec<_>>(), [&BreakerState::Open, &BreakerState::ForcedOpen]);
        let tries = BreakerState::ALL.iter().filter(|state| state.is_half_open());
        assert_eq!(tries.collect::<Vec<_>>(), [&BreakerState::HalfOpen]);
    }

    #[test]
    fn a_word_keeps_its_state_and_counts_generations() {
        let mut word = Word::FIRST;
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
