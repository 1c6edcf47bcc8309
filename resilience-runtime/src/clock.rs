//! The clock for windows, deadlines and latencies. In: the time-stamp counter of the processor, through `quanta` (10
//! ns, against 23 ns for `Instant::now`). Out: nanoseconds since some time in the past. With feature `testing` it reads
//! tokio's clock, so that `tokio::time::pause` controls everything.
//!
//! It is monotonic as far as the counter is: on one machine that is not suspended. When the counter falls back, the
//! time does too, so differences have to saturate, and whatever is under way lasts longer, until a thread
//! [looks](Clock::look) at the clock and adds what was lost. The thread of the timers does so at least once a minute.
//! So in a program that has ever armed a timer, a break can be too long by a minute at most.

#[cfg(not(feature = "testing"))]
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
#[cfg(not(feature = "testing"))]
use std::time::Instant;

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

/// The clock of a registry.
#[derive(Debug)]
pub(crate) struct Clock {
    #[cfg(not(feature = "testing"))]
    counter: quanta::Clock,
    /// Added to the counter. It never falls below its first value, so the sum cannot wrap however far the counter falls
    /// back; a difference to the first reading would wrap to centuries.
    #[cfg(not(feature = "testing"))]
    ahead: AtomicU64,
    /// Nanoseconds per 2^32 steps of the counter.
    #[cfg(not(feature = "testing"))]
    scale: u64,
    #[cfg(feature = "testing")]
    epoch: tokio::time::Instant,
}

/// A moment on two clocks, which reveals later that the counter has fallen back.
#[cfg(not(feature = "testing"))]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anchor {
    tick: Tick,
    instant: Instant,
}

/// The loss from which the counter is taken to have fallen back: far more than the difference between the processors of
/// one machine. Otherwise time would be added again and again as a thread moves between them.
#[cfg(not(feature = "testing"))]
const FALL: Duration = Duration::from_secs(10);

#[cfg(not(feature = "testing"))]
impl Clock {
    pub(crate) fn new() -> Self {
        Self::reading(quanta::Clock::new())
    }

    /// A clock with the given counter.
    pub(crate) fn reading(counter: quanta::Clock) -> Self {
        let scale = counter.delta_as_nanos(0, 1 << 40) >> 8;
        let mut clock = Self { counter, ahead: AtomicU64::new(0), scale };
        // So that no reading is zero.
        *clock.ahead.get_mut() = clock.steps(1_000_000_000);
        clock
    }

    /// The same result as `quanta` computes, to a second per year, with half the instructions: the shift is a constant,
    /// and the source of the counter is not checked again.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "584 years")]
    pub(crate) fn now(&self) -> Tick {
        let steps = self.counter.raw().wrapping_add(self.ahead.load(Ordering::Relaxed));
        Tick(((u128::from(steps) * u128::from(self.scale)) >> 32) as u64)
    }

    /// The current moment, for [`look`](Self::look).
    pub(crate) fn anchor(&self) -> Anchor {
        // In this order, and in reverse order in `look`: if the thread is suspended in between, the system clock seems
        // to have advanced less than it has, and never more.
        let tick = self.now();
        Anchor { tick, instant: Instant::now() }
    }

    /// The time, for a thread that looks regularly, at least every few minutes. `last` is the anchor of its last look,
    /// and is moved to now.
    ///
    /// A suspended machine, or one that moves to another host, may come back with a counter that starts anew. Then
    /// everything that ends at some time (breaks, timers, windows) would last longer by all that the counter had
    /// counted before. So what the counter has lost against the system clock is added to it from now on.
    pub(crate) fn look(&self, last: &mut Anchor) -> Tick {
        let elapsed = last.instant.elapsed();
        let ahead = self.ahead.load(Ordering::Relaxed);
        let missing = last.tick.plus(elapsed).since(self.now());
        if missing > FALL {
            // Fails if another thread has just done so.
            let mended = ahead.saturating_add(self.steps(nanos(missing)));
            let _ = self.ahead.compare_exchange(ahead, mended, Ordering::Relaxed, Ordering::Relaxed);
        }
        *last = self.anchor();
        last.tick
    }

    /// How many steps of the counter take that many nanoseconds.
    fn steps(&self, nanos: u64) -> u64 {
        u64::try_from((u128::from(nanos) << 32) / u128::from(self.scale.max(1))).unwrap_or(u64::MAX)
    }
}

#[cfg(feature = "testing")]
impl Clock {
    pub(crate) fn new() -> Self {
        let now = tokio::time::Instant::now();
        // Well in the past: a paused clock that began before this one was created must not read as stuck.
        Self { epoch: now.checked_sub(Duration::from_hours(24)).unwrap_or(now) }
    }

    #[inline]
    pub(crate) fn now(&self) -> Tick {
        Tick(nanos(tokio::time::Instant::now().saturating_duration_since(self.epoch)))
    }
}

#[cfg(all(test, not(feature = "testing")))]
mod tests {
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

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn a_counter_that_falls_below_its_first_reading_is_an_earlier_time_and_not_centuries_later() {
        let (counter, hand) = quanta::Clock::mock();
        hand.increment(HOUR);
        let clock = Clock::reading(counter);
        let first = clock.now();
        hand.decrement(HOUR / 2);
        assert_eq!(first.since(clock.now()), HOUR / 2);
        hand.decrement(HOUR / 2);
        assert_eq!(first.since(clock.now()), HOUR);
        assert!(clock.now() > Tick(0));
    }

    #[test]
    fn what_a_counter_has_lost_is_added_by_the_thread_that_looks() {
        let (counter, hand) = quanta::Clock::mock();
        hand.increment(HOUR);
        let clock = Clock::reading(counter);
        let first = clock.now();
        let mut last = clock.anchor();
        hand.decrement(HOUR);
        let seen = clock.look(&mut last);
        assert!(seen >= first, "{seen:?} {first:?}");
        assert!(seen.since(first) < Duration::from_secs(5), "{seen:?} {first:?}");
        assert_eq!(clock.now(), seen, "for everybody");
        hand.increment(HOUR);
        assert_eq!(clock.look(&mut last), seen.plus(HOUR), "and nothing is added to a counter that is well");
    }

    #[test]
    fn processors_that_disagree_do_not_move_the_clock() {
        let (counter, hand) = quanta::Clock::mock();
        hand.increment(HOUR);
        let clock = Clock::reading(counter);
        let first = clock.now();
        let mut last = clock.anchor();
        for _ in 0..100 {
            hand.decrement(FALL / 2);
            clock.look(&mut last);
            hand.increment(FALL / 2);
            clock.look(&mut last);
        }
        assert_eq!(clock.now(), first);
    }
}
