//! How calls and attempts end: the labels of their counters.

use crate::ending::Ending;
use crate::rejection::RejectionKind;
use crate::source::Source;
use resilience_settings::words;

words! {
    /// How one attempt ended.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum AttemptOutcome {
        /// The body returned an `Ok`.
        Success = "success",
        /// The body returned an error that may go away.
        Retryable = "retryable",
        /// The dependency asked to slow down.
        Throttled = "throttled",
        /// The body returned an error that would come again.
        Never = "never",
        /// The body returned an error that arose before anything was sent.
        Local = "local",
        /// The body returned an `Ok` that `retry_if_ok` does not accept.
        UnwantedOk = "unwanted_ok",
        /// The attempt ran into its own timeout.
        TimedOut = "timed_out",
        /// It never got a result: the call was dropped, or its deadline came.
        Abandoned = "abandoned",
        /// The body panicked.
        Panicked = "panicked",
    }
}

impl AttemptOutcome {
    /// Whether the service took the request on, as far as that can be told: what the throttle on our side counts.
    #[inline]
    pub(crate) fn is_accepted(self) -> Option<bool> {
        match self {
            Self::Success | Self::Never | Self::UnwantedOk => Some(true),
            Self::Retryable | Self::Throttled | Self::TimedOut => Some(false),
            Self::Local | Self::Abandoned | Self::Panicked => None,
        }
    }

    /// Whether the service coped with its load; `None` where the outcome says nothing about load. Adaptive
    /// bulkheads go by it.
    #[inline]
    pub(crate) fn is_unloaded(self) -> Option<bool> {
        match self {
            Self::Success | Self::Never | Self::UnwantedOk => Some(true),
            Self::Throttled | Self::TimedOut => Some(false),
            Self::Retryable | Self::Local | Self::Abandoned | Self::Panicked => None,
        }
    }
}

words! {
    /// Why an attempt was made.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum AttemptType {
        /// The first attempt of its call.
        Original = "original",
        /// After one that failed.
        Retry = "retry",
        /// A copy of an attempt that was slow.
        Hedge = "hedge",
    }
}

words! {
    /// How one call ended for whoever made it. A call that has ended is counted under one of these.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum CallerOutcome {
        /// The `Ok` of the body, or the answer of a `ReadThrough` cache.
        Success = "success",
        /// It failed or was rejected, and something else answered.
        Degraded = "degraded",
        /// An error that does not speak against the dependency: it has answered (`Never`, such as a 404), or the error arose
        /// before anything was sent (`Local`).
        Declined = "declined",
        /// Another error of the body, that of an inner call that was rejected included, or an unwanted `Ok`.
        Failure = "failure",
        /// An error that we made.
        Rejected = "rejected",
        /// It was dropped before it ended, or while something else was asked for an answer.
        Cancelled = "cancelled",
        /// The body panicked, or what was asked for an answer.
        Panicked = "panicked",
    }
}

/// The first, second, … attempt of its call, or a copy of that: the place of its success among the counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AttemptNumber(u8);

impl AttemptNumber {
    /// How many numbers of attempts are told apart; those beyond count as the last.
    pub(crate) const NUMBERS: usize = 5;
    /// How many there are of it.
    pub(crate) const ALL: usize = 2 * Self::NUMBERS;
    /// The first attempt of a call.
    pub(crate) const FIRST: Self = Self(0);

    /// The attempt with that number, from 1.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "at most 4")]
    pub(crate) fn nth(number: u32) -> Self {
        Self(number.saturating_sub(1).min(Self::NUMBERS as u32 - 1) as u8)
    }

    /// A copy of it.
    #[expect(clippy::cast_possible_truncation, reason = "5")]
    pub(crate) fn copied(self) -> Self {
        Self(self.0 % Self::NUMBERS as u8 + Self::NUMBERS as u8)
    }

    /// Why it was made.
    #[inline]
    pub(crate) fn attempt_type(self) -> AttemptType {
        match self.place() {
            0 => AttemptType::Original,
            place if place < Self::NUMBERS => AttemptType::Retry,
            _ => AttemptType::Hedge,
        }
    }
}

impl Series for AttemptNumber {
    #[inline]
    fn place(self) -> usize {
        usize::from(self.0)
    }
}

/// How one call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallOutcome {
    /// With an `Ok`.
    Success,
    /// With an error of the body (or, with `retry_if_ok`, an `Ok` that was still unwanted at the end).
    Error,
    /// With an error that we made.
    Rejected(RejectionKind),
    /// It was dropped before it ended.
    Cancelled,
    /// The body panicked.
    Panicked,
}

impl CallOutcome {
    /// The name that metrics use; the kind of a rejection is a series of its own.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Rejected(_) => "rejected",
            Self::Cancelled => "cancelled",
            Self::Panicked => "panicked",
        }
    }
}

/// A small closed set of labels, each with a place of its own in an array of counters.
pub(crate) trait Series: Copy {
    /// The place of the label among all of its kind.
    fn place(self) -> usize;
}

macro_rules! series {
    ($($name:ty),+) => {$(
        impl Series for $name {
            #[inline]
            fn place(self) -> usize {
                self as usize
            }
        }
    )+};
}
series!(AttemptOutcome, AttemptType, CallerOutcome, RejectionKind, Ending, Source);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_order_of_all() {
        fn check<S: Series>(all: &[S]) {
            assert!(all.iter().enumerate().all(|(place, label)| label.place() == place));
        }
        check(AttemptOutcome::ALL);
        check(AttemptType::ALL);
        check(CallerOutcome::ALL);
        check(RejectionKind::ALL);
        check(Ending::ALL);
        check(Source::ALL);
    }

    #[test]
    fn attempts_beyond_the_fifth_count_as_the_fifth() {
        for (number, place) in [(0, 0), (1, 0), (2, 1), (5, 4), (6, 4), (u32::MAX, 4)] {
            let number = AttemptNumber::nth(number);
            assert_eq!(number.place(), place);
            let expected = if place == 0 { AttemptType::Original } else { AttemptType::Retry };
            assert_eq!(number.attempt_type(), expected);
            let copy = number.copied();
            assert_eq!((copy.place(), copy.attempt_type()), (place + 5, AttemptType::Hedge));
            assert_eq!(copy.copied(), copy);
        }
    }
}
