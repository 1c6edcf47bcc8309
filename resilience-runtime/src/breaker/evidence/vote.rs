//! Data: a vote, the result of one attempt as a breaker counts it (success or failure, slow or not); and sums and rates of votes.
//! How a failure votes, `call/engine/failure` decides.

/// What the result of an attempt says about the dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vote {
    /// It answered in time.
    Success,
    /// It answered, but slowly.
    SlowSuccess,
    /// It failed.
    Failure,
    /// It failed, and was slow.
    SlowFailure,
    /// Nothing: throttled, rejected by this library, or abandoned early.
    None,
}

impl Vote {
    /// The vote of a result.
    #[inline]
    pub(crate) const fn of(failed: bool, slow: bool) -> Self {
        match (failed, slow) {
            (false, false) => Self::Success,
            (false, true) => Self::SlowSuccess,
            (true, false) => Self::Failure,
            (true, true) => Self::SlowFailure,
        }
    }

    #[inline]
    pub(in crate::breaker) const fn is_failure(self) -> bool {
        matches!(self, Self::Failure | Self::SlowFailure)
    }

    #[inline]
    pub(in crate::breaker) const fn is_slow(self) -> bool {
        matches!(self, Self::SlowSuccess | Self::SlowFailure)
    }

    /// The index of the result in arrays of the four kinds.
    #[inline]
    pub(in crate::breaker) const fn index(self) -> Option<usize> {
        match self {
            Self::Success => Some(0),
            Self::SlowSuccess => Some(1),
            Self::Failure => Some(2),
            Self::SlowFailure => Some(3),
            Self::None => None,
        }
    }

    pub(in crate::breaker) const RESULTS: [Self; 4] =
        [Self::Success, Self::SlowSuccess, Self::Failure, Self::SlowFailure];
}

/// The number of results of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts(pub(in crate::breaker) [u64; 4]);

impl Counts {
    /// All results.
    pub(crate) fn total(self) -> u64 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Failures, slow ones included.
    pub(crate) fn failures(self) -> u64 {
        self.0[2].saturating_add(self.0[3])
    }

    /// Slow results, failed or not.
    pub(crate) fn slow(self) -> u64 {
        self.0[1].saturating_add(self.0[3])
    }

    /// The share of failures; `None` without results.
    pub(crate) fn failure_rate(self) -> Option<f64> {
        share(self.failures(), self.total())
    }

    /// The share of slow results; `None` without results.
    pub(crate) fn slow_rate(self) -> Option<f64> {
        share(self.slow(), self.total())
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn share(part: u64, whole: u64) -> Option<f64> {
    // A division instead of `part >= rate * whole`: 0.1 * 30.0 is above 3, while 3.0 / 30.0 is 0.1.
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_failure_counts_on_both_sides() {
        assert_eq!(Vote::of(true, true), Vote::SlowFailure);
        let counts = Counts([4, 3, 2, 1]);
        assert_eq!((counts.total(), counts.failures(), counts.slow()), (10, 3, 4));
        assert_eq!((counts.failure_rate(), counts.slow_rate()), (Some(0.3), Some(0.4)));
        assert_eq!(Counts::default().failure_rate(), None);
    }

    #[test]
    fn every_result_has_a_place_and_no_vote_has_none() {
        for (place, vote) in Vote::RESULTS.into_iter().enumerate() {
            assert_eq!(vote.index(), Some(place));
            assert_eq!(Vote::of(vote.is_failure(), vote.is_slow()), vote);
        }
        assert_eq!(Vote::None.index(), None);
    }
}
