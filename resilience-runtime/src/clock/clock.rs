//! The clock for windows, deadlines and latencies. In: the time-stamp counter of the processor, through `quanta` (10
//! ns, against 23 ns for `Instant::now`). Out: nanoseconds since some time in the past. With feature `testing`, the clock of
//! an isolated registry goes by that of tokio, so that `tokio::time::pause` controls everything.
//!
//! It is monotonic as far as the counter is: on one machine that is not suspended. When the counter falls back, the
//! time does too, so differences have to saturate, and whatever is under way lasts longer, until a thread
//! [looks](Clock::look) at the clock and adds what was lost. The thread of the timers does so at least once a minute.
//! So in a program that has ever armed a timer, a break can be too long by a minute at most.

#[cfg(feature = "testing")]
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

#[cfg(feature = "testing")]
use super::on_tokio::{BEGIN, OnTokio, is_virtual_here, switch_everywhere};
use super::tick::{Tick, nanos};

/// The clock of a registry.
#[derive(Debug)]
pub(crate) struct Clock {
    counter: quanta::Clock,
    /// Added to the counter. It never falls below its first value, so the sum cannot wrap however far the counter falls
    /// back; a difference to the first reading would wrap to centuries.
    ahead: AtomicU64,
    /// Nanoseconds per 2^32 steps of the counter.
    scale: u64,
    /// What it goes by instead of the counter.
    #[cfg(feature = "testing")]
    tokio: OnceLock<OnTokio>,
}

/// A moment on two clocks, which reveals later that the counter has fallen back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anchor {
    tick: Tick,
    instant: Instant,
}

/// The loss from which the counter is taken to have fallen back: far more than the difference between the processors of
/// one machine. Otherwise time would be added again and again as a thread moves between them.
const FALL: Duration = Duration::from_secs(10);

impl Clock {
    pub(crate) fn new() -> Self {
        Self::reading(quanta::Clock::new())
    }

    /// A clock with the given counter.
    pub(crate) fn reading(counter: quanta::Clock) -> Self {
        let scale = counter.delta_as_nanos(0, 1 << 40) >> 8;
        let mut clock = Self {
            counter,
            ahead: AtomicU64::new(0),
            scale,
            #[cfg(feature = "testing")]
            tokio: OnceLock::new(),
        };
        // So that no reading is zero.
        *clock.ahead.get_mut() = clock.steps(1_000_000_000);
        clock
    }

    /// The current moment.
    #[inline]
    pub(crate) fn now(&self) -> Tick {
        #[cfg(feature = "testing")]
        if let Some(tokio) = self.tokio.get() {
            return tokio.now();
        }
        self.counted()
    }

    /// Whether it goes by tokio's clock, which only a task can wait for. Then nothing that belongs to it runs on a thread of
    /// its own, or measures the machine.
    #[cfg(not(feature = "testing"))]
    #[inline]
    #[expect(clippy::unused_self, reason = "as it is with feature `testing`")]
    pub(crate) const fn is_virtual(&self) -> bool {
        false
    }

    /// The clock for what is made here and belongs to no registry.
    #[cfg(not(feature = "testing"))]
    pub(crate) fn here() -> Self {
        Self::new()
    }

    /// The same result as `quanta` computes, to a second per year, with half the instructions: the shift is a constant,
    /// and the source of the counter is not checked again.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "584 years")]
    fn counted(&self) -> Tick {
        let steps = self.counter.raw().wrapping_add(self.ahead.load(Ordering::Relaxed));
        Tick(((u128::from(steps) * u128::from(self.scale)) >> 32) as u64)
    }

    /// The current moment, for [`look`](Self::look).
    pub(crate) fn anchor(&self) -> Anchor {
        // In this order, and in reverse order in `look`: if the thread is suspended in between, the system clock seems
        // to have advanced less than it has, and never more.
        let tick = self.counted();
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
        let missing = last.tick.plus(elapsed).since(self.counted());
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
    /// A clock that goes by tokio's from the beginning.
    pub(crate) fn on_tokio() -> Self {
        let clock = Self::new();
        // It has just been made, so this sets it.
        clock.tokio.get_or_init(|| OnTokio::from(BEGIN));
        clock
    }

    /// The clock for what is made here and belongs to no registry.
    pub(crate) fn here() -> Self {
        if is_virtual_here() { Self::on_tokio() } else { Self::new() }
    }

    /// Goes by tokio's clock from now on, and on from the current moment: what ends at some time still does. For the clock
    /// of the program.
    pub(crate) fn switch_over(&self) {
        self.tokio.get_or_init(|| OnTokio::from(self.counted()));
        switch_everywhere();
    }

    /// Whether it goes by tokio's clock, which only a task can wait for. Then nothing that belongs to it runs on a thread of
    /// its own, or measures the machine.
    #[inline]
    pub(crate) fn is_virtual(&self) -> bool {
        self.tokio.get().is_some()
    }
}

#[cfg(test)]
mod tests;
