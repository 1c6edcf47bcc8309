//! How far the processors of this machine are from each other now: the round trip of one cache line.
//!
//! A hypervisor moves virtual processors about, near each other (about 50 ns) or far apart (about 400 ns), and with
//! them every contended figure by up to four times. So each sample is told apart by the distance around it.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crossbeam_utils::CachePadded;

/// Below it a sample counts as near, in nanoseconds.
const NEAR: f64 = 100.0;
/// Above it a sample counts as far, in nanoseconds.
const FAR: f64 = 250.0;
/// Above it no distance is so great: other processes had the processors, in nanoseconds.
const BUSY: f64 = 1_000.0;
/// A distance that changed by more than this factor around a sample belongs to neither.
const STEADY: f64 = 1.6;

/// Of one try; the best of all tries counts, for another process on one of the processors makes them longer only.
const ROUND_TRIPS: u32 = 100;
/// How long to try, and how often at most. On a busy machine each round trip may take a turn of the scheduler.
const PATIENCE: Duration = Duration::from_millis(3);
const TRIES: u32 = 20;
/// What the other thread ends at.
const END: u32 = u32::MAX;

/// Where the processors were during a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// Below 100 ns.
    Near,
    /// Above 250 ns.
    Far,
    /// In between, or it changed.
    Unclear,
    /// Other processes had the processors: whatever was measured then says nothing.
    Busy,
}

impl Distance {
    /// From the round trips before and after, in nanoseconds.
    pub fn between(before: f64, after: f64) -> Self {
        let (short, long) = (before.min(after), before.max(after));
        if long > BUSY {
            Self::Busy
        } else if long > short * STEADY {
            Self::Unclear
        } else if long < NEAR {
            Self::Near
        } else if short > FAR {
            Self::Far
        } else {
            Self::Unclear
        }
    }
}

/// The round trip now, in nanoseconds.
pub fn round_trip() -> f64 {
    let ball = CachePadded::new(AtomicU32::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut seen = 0;
            loop {
                seen = other_than(&ball, seen);
                if seen == END {
                    return;
                }
                seen += 1;
                ball.store(seen, Ordering::Release);
            }
        });
        let begin = Instant::now();
        let (mut best, mut serve) = (f64::INFINITY, 0);
        for _ in 0..TRIES {
            let start = Instant::now();
            for _ in 0..ROUND_TRIPS {
                serve += 1;
                ball.store(serve, Ordering::Release);
                serve = other_than(&ball, serve);
            }
            best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(ROUND_TRIPS));
            if begin.elapsed() > PATIENCE {
                break;
            }
        }
        ball.store(END, Ordering::Release);
        best
    })
}

fn other_than(ball: &AtomicU32, known: u32) -> u32 {
    loop {
        let value = ball.load(Ordering::Acquire);
        if value != known {
            return value;
        }
        spin_loop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_belongs_to_a_distance_only_when_it_stayed_the_same() {
        assert_eq!(Distance::between(47.0, 50.0), Distance::Near);
        assert_eq!(Distance::between(400.0, 380.0), Distance::Far);
        assert_eq!(Distance::between(47.0, 400.0), Distance::Unclear);
        assert_eq!(Distance::between(150.0, 160.0), Distance::Unclear);
        assert_eq!(Distance::between(47.0, 99.0), Distance::Unclear);
        assert_eq!(Distance::between(47.0, 2_000.0), Distance::Busy);
    }

    #[test]
    fn a_round_trip_takes_longer_than_nothing() {
        let time = round_trip();
        assert!(time > 1.0 && time.is_finite(), "{time}");
    }
}
