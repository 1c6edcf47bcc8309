//! One monotonic clock for windows, deadlines and latencies: ticks of a nanosecond since about when it was made.
//!
//! It reads the time-stamp counter of the processor through `quanta` (10 ns against 23 ns for
//! `Instant::now`). With feature `testing` it reads tokio's clock, so that `tokio::time::pause` drives
//! everything.

use std::time::Duration;

/// A moment: nanoseconds since about when the clock was made. Saturates after 584 years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tick(pub(crate) u64);

impl Tick {
    pub(crate) const MAX: Self = Self(u64::MAX);

    /// The moment that much later.
    #[inline]
    pub(crate) fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(nanos(time)))
    }

    /// How long ago `earlier` was, in nanoseconds; zero when it is not earlier. For the call path: a `Duration` costs
    /// a division to make.
    #[inline]
    pub(crate) fn nanos_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// How long ago `earlier` was; zero when it is not earlier.
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

/// The clock of a registry.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    #[cfg(not(feature = "testing"))]
    counter: quanta::Clock,
    #[cfg(not(feature = "testing"))]
    epoch: u64,
    /// Nanoseconds to 2^32 steps of the counter.
    #[cfg(not(feature = "testing"))]
    scale: u64,
    #[cfg(feature = "testing")]
    epoch: tokio::time::Instant,
}

#[cfg(not(feature = "testing"))]
impl Clock {
    pub(crate) fn new() -> Self {
        let counter = quanta::Clock::new();
        let scale = counter.delta_as_nanos(0, 1 << 40) >> 8;
        // A second or so ago: processors may disagree on the counter a little, and none may be before the start.
        let epoch = counter.raw().wrapping_sub((1_000_000_000 << 32) / scale.max(1));
        Self { counter, epoch, scale }
    }

    /// What `quanta` makes of the steps, to a second in a year: with a shift that is known when this is compiled, and
    /// without its second look at where the steps come from, a reading takes half as many instructions.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "584 years")]
    pub(crate) fn now(&self) -> Tick {
        let steps = self.counter.raw().wrapping_sub(self.epoch);
        Tick(((u128::from(steps) * u128::from(self.scale)) >> 32) as u64)
    }
}

#[cfg(feature = "testing")]
impl Clock {
    pub(crate) fn new() -> Self {
        let now = tokio::time::Instant::now();
        // Well in the past: a paused clock that began before this one was made must not read as stuck.
        Self { epoch: now.checked_sub(Duration::from_hours(24)).unwrap_or(now) }
    }

    #[inline]
    pub(crate) fn now(&self) -> Tick {
        Tick(nanos(tokio::time::Instant::now().saturating_duration_since(self.epoch)))
    }
}

#[cfg(all(test, not(feature = "testing")))]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn it_runs_as_fast_as_the_clock_of_the_system() {
        let clock = Clock::new();
        let (before, first, after) = (Instant::now(), clock.now(), Instant::now());
        std::thread::sleep(Duration::from_millis(100));
        let (least, end, most) = (after.elapsed(), clock.now(), before.elapsed());
        let time = end.since(first);
        assert!(time >= least * 99 / 100 && time <= most * 101 / 100, "{least:?} {time:?} {most:?}");
    }
}
