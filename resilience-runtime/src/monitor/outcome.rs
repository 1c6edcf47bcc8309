//! Data: how calls and attempts end: the labels of their counters, and the index of each in an array.

mod idempotency;
mod observed;

pub use idempotency::IdempotencyResult;
pub use observed::ObservedDecision;

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
    /// Whether the service accepted the request, as far as that is known: what the client-side throttle counts.
    #[inline]
    pub(crate) fn is_accepted(self) -> Option<bool> {
        match self {
            Self::Success | Self::Never | Self::UnwantedOk => Some(true),
            Self::Retryable | Self::Throttled | Self::TimedOut => Some(false),
            Self::Local | Self::Abandoned | Self::Panicked => None,
        }
    }

    /// Whether the service coped with its load; `None` if the outcome says nothing about load. Used by adaptive
    /// bulkheads.
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
        /// An attempt after a failed one.
        Retry = "retry",
        /// A copy of a slow attempt.
        Hedge = "hedge",
    }
}

words! {
    /// How a call ended for its caller. Each call that ended is counted under exactly one of these.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum CallerOutcome {
        /// The `Ok` of the body, or the answer of a `ReadThrough` cache.
        Success = "success",
        /// It failed or was rejected, and something else answered.
        Degraded = "degraded",
        /// An error that does not count against the dependency: it has answered (`Never`, such as a 404), or the
        /// error arose before anything was sent (`Local`).
        Declined = "declined",
        /// Another error of the body, including that of a rejected inner call, or an unwanted `Ok`.
        Failure = "failure",
        /// A rejection by this library.
        Rejected = "rejected",
        /// The call was dropped before it ended, or while a fallback was running.
        Cancelled = "cancelled",
        /// The body or a fallback panicked.
        Panicked = "panicked",
    }
}

/// The number of an attempt within its call, and whether it is a hedged copy: the index of its success counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AttemptNumber(u8);

impl AttemptNumber {
    /// How many numbers are distinguished; higher ones count as the last.
    pub(crate) const NUMBERS: usize = 5;
    /// How many values there are.
    pub(crate) const ALL: usize = 2 * Self::NUMBERS;
    /// The first attempt of a call.
    pub(crate) const FIRST: Self = Self(0);

    /// The attempt with that number, from 1.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "at most 4")]
    pub(crate) fn nth(number: u32) -> Self {
        Self(number.saturating_sub(1).min(Self::NUMBERS as u32 - 1) as u8)
    }

    /// A hedged copy of this attempt.
    #[expect(clippy::cast_possible_truncation, reason = "5")]
    pub(crate) fn copied(self) -> Self {
        Self(self.0 % Self::NUMBERS as u8 + Self::NUMBERS as u8)
    }

    /// The number, from 1; the fifth may be a later one.
    #[expect(clippy::cast_possible_truncation, reason = "at most 5")]
    pub(crate) fn number(self) -> u8 {
        (self.place() % Self::NUMBERS) as u8 + 1
    }

    /// Why the attempt was made.
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
    /// With a rejection by this library.
    Rejected(RejectionKind),
    /// It was dropped before it ended.
    Cancelled,
    /// The body panicked.
    Panicked,
}

impl CallOutcome {
    /// The name in metrics; the kinds of rejections are a series of their own.
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

/// A small closed set of labels, each with an index in an array of counters.
pub(crate) trait Series: Copy {
    /// The index of the label.
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
series!(
    AttemptOutcome,
    AttemptType,
    CallerOutcome,
    RejectionKind,
    Ending,
    Source,
    IdempotencyResult,
    ObservedDecision
);

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
        check(IdempotencyResult::ALL);
        check(ObservedDecision::ALL);
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
