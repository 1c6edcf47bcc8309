//! Data: a moment as a number. In: durations. Out: other moments, and how far apart they are.

use std::time::Duration;

/// A moment: nanoseconds since about when the machine was started. Saturates after 584 years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tick(pub(crate) u64);

impl Tick {
    pub(crate) const MAX: Self = Self(u64::MAX);

    /// A placeholder for "not read": before any moment that the clock returns.
    pub(crate) const NEVER: Self = Self(0);

    /// The moment `time` later.
    #[inline]
    pub(crate) fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(nanos(time)))
    }

    /// How long ago `earlier` was, in nanoseconds; zero if it is not earlier. For the call path, as a `Duration` costs
    /// a division to make.
    #[inline]
    pub(crate) fn nanos_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// How long ago `earlier` was; zero if it is not earlier.
    #[inline]
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.nanos_since(earlier))
    }
}

/// A duration in nanoseconds, saturating.
#[inline]
pub(crate) const fn nanos(time: Duration) -> u64 {
    time.as_secs().saturating_mul(1_000_000_000).saturating_add(time.subsec_nanos() as u64)
}

/// A duration in whole microseconds, saturating; as snapshots have it.
pub(crate) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
