//! Keeps an approximate time, at the cost of a load. In: requests of calls. Out: a reading of the clock that a thread keeps fresh
//! while it is used.
//!
//! It is for callers that only need to know in which slice of a window something happens. Reading the processor's
//! counter costs about 10 ns in the middle of a call, more than all the rest of a call that nobody counts.
//!
//! # Precision
//!
//! Never ahead of the clock (except one whose counter has fallen back), and behind it by at most [`TICK`] plus the time
//! that the thread has to wait for a processor. Nothing that ends a call or a break uses it. A caller that reads the
//! clock because a breaker hears of a failure [reports that time](Recent::is), so a breaker cannot mistake something
//! that happens now for something long past, however busy the processors are.
//!
//! # Why a thread of its own
//!
//! The kernel keeps such a time as well (`CLOCK_MONOTONIC_COARSE`), but it costs 4 ns, runs at another rate than the
//! counter and would have to be compared with it in each call. `quanta` can keep one for a whole program, but that
//! belongs to the program, which may update it at any interval. This thread is started by the first call that asks,
//! updates the time 50 times per second, and rests after a second without a call until the next one. A registry that goes by
//! tokio's clock has no such thread: every reading is of that clock.

use std::fmt;

use crate::clock::{Clock, Tick};

pub(crate) use ticking::Recent;

/// The largest age of a time from [`Recent`], while processors are free.
pub(crate) const TICK: u64 = 20_000_000;

impl fmt::Debug for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recent").finish_non_exhaustive()
    }
}

mod ticking {
    use std::thread;
    use std::time::Duration;

    use crossbeam_utils::CachePadded;

    use super::{Clock, TICK, Tick};
    use crate::late_thread::LateThread;
    use crate::sync::atomic::{AtomicU64, Ordering};

    /// The thread rests: the reading is not being refreshed.
    const RESTS: u64 = 0;
    /// Set once a reading has been used. It is the lowest bit of the time, whose loss does not matter.
    const USED: u64 = 1;
    /// After this many unused readings, the thread rests.
    const UNUSED_READINGS: u32 = 50;

    /// The approximate time.
    pub(crate) struct Recent {
        // Read by all calls that use it, and seldom written.
        reading: CachePadded<AtomicU64>,
        /// While the thread cannot be started, every caller reads the clock.
        thread: LateThread,
    }

    impl Recent {
        pub(crate) fn new() -> Self {
            Self::on(LateThread::new("resilience-clock"))
        }

        fn on(thread: LateThread) -> Self {
            Self { reading: CachePadded::new(AtomicU64::new(RESTS)), thread }
        }

        /// The approximate time.
        #[inline]
        pub(crate) fn get(&'static self, clock: &'static Clock) -> Tick {
            if clock.is_virtual() {
                return clock.now();
            }
            let reading = self.reading.load(Ordering::Relaxed);
            if reading & USED != 0 { Tick(reading) } else { self.read(reading, clock) }
        }

        /// The first use of a reading: keeps the thread going, or starts it.
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

        /// Marks a reading as used. True if the thread rests.
        fn mark(&self, reading: u64, now: Tick) -> bool {
            let used = now.0 | USED;
            let marked = self.reading.compare_exchange(reading, used, Ordering::Relaxed, Ordering::Relaxed);
            // If another caller was faster, it has done what is needed.
            marked.is_ok() && reading == RESTS
        }

        /// A caller that has read the clock reports the time, so that others see it even if the thread is late.
        #[inline]
        pub(crate) fn is(&self, now: Tick) {
            self.correct(self.reading.load(Ordering::Relaxed), now);
        }

        /// Replaces a reading that is too old.
        #[inline]
        fn correct(&self, reading: u64, now: Tick) {
            if reading != RESTS && now.nanos_since(Tick(reading)) > 2 * TICK {
                // Only if the reading is still the same one: if the thread has gone to rest meanwhile, the next caller
                // must find that it rests; otherwise this time would stay for ever.
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
                    // In hours of rest, the two clocks of the anchor drift apart.
                    last = clock.anchor();
                }
            }
        }

        /// Stores a new reading. True if so many were unused that the thread may rest; the reading says so then.
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
