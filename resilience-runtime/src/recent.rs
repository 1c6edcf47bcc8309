//! About what time it is, for the price of a load: a reading of the clock that a thread repeats while it is asked for.
//!
//! For whoever only has to know in which slice of a window something happens. To read the counter of the processor
//! costs about 10 ns in the middle of a call, more than all the rest of a call that nobody counts.
//!
//! # Precision
//!
//! Never ahead of the clock (but for one whose counter has fallen back), and behind it by [`TICK`] and the time that the thread has to wait for a processor. Nothing
//! that ends a call or a break goes by it. Whoever reads the clock for a breaker that hears of a failure
//! [says so](Recent::is), so a breaker cannot take what is happening now for something long past, however busy the
//! processors are.
//!
//! # Why a thread of its own
//!
//! The kernel keeps such a time as well (`CLOCK_MONOTONIC_COARSE`), which costs 4 ns, runs at another speed than the
//! counter and would have to be compared with it in each call; `quanta` can keep one for a whole program, which
//! belongs to the program: it may run at any interval. This thread is started by the first call that asks, wakes up 50
//! times a second, and rests from a second without a call until the next. With feature `testing` there is none, and
//! every reading is one of tokio's clock.

use std::fmt;

use crate::clock::{Clock, Tick};

#[cfg(not(feature = "testing"))]
pub(crate) use ticking::Recent;

/// The times of [`Recent`] are as old as this at most, where processors are free.
pub(crate) const TICK: u64 = 20_000_000;

#[cfg(feature = "testing")]
pub(crate) struct Recent;

#[cfg(feature = "testing")]
#[expect(clippy::unused_self, reason = "as it is used without the feature")]
impl Recent {
    pub(crate) fn new() -> Self {
        Self
    }

    /// The time.
    #[inline]
    pub(crate) fn get(&'static self, clock: &'static Clock) -> Tick {
        clock.now()
    }

    /// Nothing else would tell another time.
    #[inline]
    pub(crate) fn is(&self, _now: Tick) {}
}

impl fmt::Debug for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recent").finish_non_exhaustive()
    }
}

#[cfg(not(feature = "testing"))]
mod ticking {
    use std::thread;
    use std::time::Duration;

    use crossbeam_utils::CachePadded;

    use super::{Clock, TICK, Tick};
    use crate::late_thread::LateThread;
    use crate::sync::atomic::{AtomicU64, Ordering};

    /// Nobody repeats the reading.
    const RESTS: u64 = 0;
    /// Somebody has used this reading. It is the lowest bit of the time, which nobody misses.
    const USED: u64 = 1;
    /// After so many readings that nobody used, the thread rests.
    const UNUSED_READINGS: u32 = 50;

    /// The time as it was a moment ago.
    pub(crate) struct Recent {
        // Read by all calls that go by it, and seldom written.
        reading: CachePadded<AtomicU64>,
        /// While there is none to be had everybody reads the clock.
        thread: LateThread,
    }

    impl Recent {
        pub(crate) fn new() -> Self {
            Self::on(LateThread::new("resilience-clock"))
        }

        fn on(thread: LateThread) -> Self {
            Self { reading: CachePadded::new(AtomicU64::new(RESTS)), thread }
        }

        /// The time, or what it was a moment ago.
        #[inline]
        pub(crate) fn get(&'static self, clock: &'static Clock) -> Tick {
            let reading = self.reading.load(Ordering::Relaxed);
            if reading & USED != 0 { Tick(reading) } else { self.read(reading, clock) }
        }

        /// The first use of a reading: has the thread go on, or start.
        #[cold]
        fn read(&'static self, reading: u64, clock: &'static Clock) -> Tick {
            let now = clock.now();
            if self.mark(reading, now) {
                match self.thread.get_or_start(|| self.run(clock)) {
                    Some(thread) => thread.unpark(),
                    None => self.reading.store(RESTS, Ordering::Relaxed),
                }
            }
            now
        }

        /// Uses a reading. True if nobody repeats it.
        fn mark(&self, reading: u64, now: Tick) -> bool {
            let used = now.0 | USED;
            let marked = self.reading.compare_exchange(reading, used, Ordering::Relaxed, Ordering::Relaxed);
            // Whoever was faster has done what is to be done.
            marked.is_ok() && reading == RESTS
        }

        /// Told by somebody who has read the clock: should the thread be late, others need not be.
        #[inline]
        pub(crate) fn is(&self, now: Tick) {
            self.correct(self.reading.load(Ordering::Relaxed), now);
        }

        /// Puts the time in place of a reading that is too old.
        #[inline]
        fn correct(&self, reading: u64, now: Tick) {
            if reading != RESTS && now.nanos_since(Tick(reading)) > 2 * TICK {
                // Of that reading and of no other: should the thread have gone to rest meanwhile, whoever comes next must
                // find that nobody repeats it, or it would be the time for ever.
                let used = now.0 | USED;
                let _ = self.reading.compare_exchange(reading, used, Ordering::Relaxed, Ordering::Relaxed);
            }
        }

        fn run(&self, clock: &Clock) {
            let mut unused = 0;
            let mut last = clock.anchor();
            loop {
                thread::sleep(Duration::from_nanos(TICK));
                let now = clock.look(&mut last);
                if self.repeat(now, &mut unused) {
                    while self.reading.load(Ordering::Relaxed) == RESTS {
                        thread::park();
                    }
                    unused = 0;
                    // Two clocks drift apart in hours of rest.
                    last = clock.anchor();
                }
            }
        }

        /// Puts another reading in place of the last. True if so many were not used that the thread may rest; then it says
        /// that nobody repeats the reading.
        fn repeat(&self, now: Tick, unused: &mut u32) -> bool {
            let reading = self.reading.load(Ordering::Relaxed);
            *unused = if reading & USED == 0 { *unused + 1 } else { 0 };
            if *unused < UNUSED_READINGS {
                self.reading.fetch_max(now.0 & !USED, Ordering::Relaxed);
                return false;
            }
            self.reading.compare_exchange(reading, RESTS, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        }
    }

    #[cfg(all(test, resilience_loom))]
    mod explored;

    #[cfg(test)]
    mod tests {
        use super::*;

        fn recent() -> (&'static Recent, &'static Clock) {
            (Box::leak(Box::new(Recent::new())), Box::leak(Box::new(Clock::new())))
        }

        /// Whether it becomes true within ten seconds.
        fn soon(mut holds: impl FnMut() -> bool) -> bool {
            (0..10_000).any(|_| {
                let held = holds();
                if !held {
                    thread::sleep(Duration::from_millis(1));
                }
                held
            })
        }

        #[test]
        fn it_follows_the_clock_and_is_never_ahead_of_it() {
            let (recent, clock) = recent();
            let began = clock.now();
            let mut distinct = 0;
            let mut last = recent.get(clock);
            assert!(last >= began, "the first reading is of the clock");
            let goes_on = soon(|| {
                let (now, after) = (recent.get(clock), clock.now());
                assert!(now.0 <= after.0 | USED, "{now:?} {after:?}");
                assert!(now.0 | USED >= last.0, "{now:?} {last:?}");
                distinct += u32::from(now != last);
                last = now;
                distinct > 5
            });
            assert!(goes_on, "{distinct} readings in ten seconds");
            assert!(clock.now().nanos_since(began) > 2 * TICK, "a reading serves many");
        }

        #[test]
        fn it_rests_when_nobody_asks_and_goes_on_when_somebody_does() {
            let (recent, clock) = recent();
            for _ in 0..2 {
                let before = clock.now();
                assert!(recent.get(clock) >= before, "it has rested, so this is a reading of the clock");
                assert_ne!(recent.reading.load(Ordering::Relaxed), RESTS);
                assert!(soon(|| recent.reading.load(Ordering::Relaxed) == RESTS));
            }
        }

        #[test]
        fn where_no_thread_can_be_had_every_reading_is_one_of_the_clock() {
            let none = LateThread::with("resilience-none", |_, _| Err(std::io::ErrorKind::WouldBlock.into()));
            let recent: &'static Recent = Box::leak(Box::new(Recent::on(none)));
            let (_, clock) = self::recent();
            for _ in 0..100 {
                let before = clock.now();
                assert!(recent.get(clock) >= before);
            }
        }

        #[test]
        fn whoever_knows_better_corrects_it() {
            let (recent, clock) = recent();
            recent.is(clock.now());
            assert_eq!(recent.reading.load(Ordering::Relaxed), RESTS, "nobody asks");
            // As if the thread had been kept from running.
            let (late, later) = (Tick(1_001), Tick(1_003 + 2 * TICK));
            recent.reading.store(late.0, Ordering::Relaxed);
            recent.is(Tick(later.0 - 2));
            assert_eq!(recent.get(clock), late, "it may be as old as that");
            recent.is(later);
            assert_eq!(recent.get(clock), later);
            recent.is(late);
            assert_eq!(recent.get(clock), later, "time does not run back");
        }

        #[test]
        fn whoever_knows_better_does_not_take_a_thread_that_rests_for_one_that_works() {
            let (recent, clock) = recent();
            recent.reading.store(1_001, Ordering::Relaxed);
            let seen = recent.reading.load(Ordering::Relaxed);
            // The thread goes to rest between the two halves of `is`.
            recent.reading.store(RESTS, Ordering::Relaxed);
            recent.correct(seen, Tick(1_003 + 2 * TICK));
            assert_eq!(recent.reading.load(Ordering::Relaxed), RESTS);
            assert!(
                recent.get(clock) > Tick(1_003 + 2 * TICK),
                "so who comes next reads the clock, and wakes it"
            );
        }
    }
}
