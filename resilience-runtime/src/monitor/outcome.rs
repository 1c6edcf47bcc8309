//! How calls and attempts end: the labels of their counters.

use crate::ending::Ending;
use crate::policy::words::words;
use crate::rejection::RejectionKind;
use crate::source::Source;

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
series!(AttemptOutcome, RejectionKind, Ending, Source);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_order_of_all() {
        fn check<S: Series>(all: &[S]) {
            assert!(all.iter().enumerate().all(|(place, label)| label.place() == place));
        }
        check(AttemptOutcome::ALL);
        check(RejectionKind::ALL);
        check(Ending::ALL);
        check(Source::ALL);
    }
}
