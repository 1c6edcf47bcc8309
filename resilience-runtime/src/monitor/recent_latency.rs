//! Measures the times of attempts in the last minute. In: the times of attempts. Out: quantiles, for hedging and adaptive timeouts.
//!
//! Each thread counts into two halves of 30 s alternately, so that nothing older than a minute is left. Only services
//! whose call sites ask for a quantile are counted.

use std::sync::OnceLock;
use std::time::Duration;

use resilience_settings::policy::Ratio;

use super::latency::{Latency, LatencyCells};
use crate::clock::Tick;
use crate::counting::shard::{Sharded, Slot};
use crate::sync::atomic::{AtomicU64, Ordering};

/// The length of a half, in nanoseconds: long enough for a p99 of a few calls a second to mean something, short
/// enough to follow a change within a minute.
const HALF: u64 = 30_000_000_000;
/// With fewer attempts than this, nothing is known about the tail.
const LEAST: u64 = 20;

#[derive(Debug, Default)]
struct Half {
    /// The number of the half-minute that it counts, plus one; zero before the first.
    number: AtomicU64,
    cells: LatencyCells,
}

/// The recent latencies of a service. Allocated when the first attempt is counted: few call sites ask for a quantile.
#[derive(Debug, Default)]
pub(crate) struct RecentLatency {
    halves: OnceLock<Box<Sharded<[Half; 2]>>>,
}

impl RecentLatency {
    #[inline]
    pub(crate) fn record(&self, nanos: u64, now: Tick, slot: Slot) {
        let number = now.0 / HALF + 1;
        let half = &self.halves.get_or_init(Box::default).part(slot)[usize::from(number % 2 == 1)];
        if half.number.load(Ordering::Relaxed) != number {
            half.cells.clear();
            half.number.store(number, Ordering::Relaxed);
        }
        half.cells.record(nanos, slot);
    }

    /// The time that this share of the recent attempts did not exceed; `None` while there are too few.
    pub(crate) fn quantile(&self, share: Ratio, now: Tick) -> Option<Duration> {
        let number = now.0 / HALF + 1;
        let mut latency = Latency::default();
        for half in self.halves.get()?.iter().flatten() {
            if half.number.load(Ordering::Relaxed) + 1 >= number {
                half.cells.read_into(&mut latency);
            }
        }
        (latency.count() >= LEAST).then(|| latency.quantile(share.get()))?
    }
}

/// A quantile of one call site, cached for a second: adding up the counters of all threads for each call would cost
/// more than the call.
#[derive(Debug, Default)]
pub(crate) struct CachedQuantile {
    until: AtomicU64,
    nanos: AtomicU64,
}

impl CachedQuantile {
    const KEPT: Duration = Duration::from_secs(1);

    pub(crate) fn get(&self, recent: &RecentLatency, share: Ratio, now: Tick) -> Option<Duration> {
        if now.0 >= self.until.load(Ordering::Relaxed) {
            let nanos = recent.quantile(share, now).map_or(0, crate::clock::nanos);
            self.nanos.store(nanos, Ordering::Relaxed);
            self.until.store(now.plus(Self::KEPT).0, Ordering::Relaxed);
        }
        match self.nanos.load(Ordering::Relaxed) {
            0 => None,
            nanos => Some(Duration::from_nanos(nanos)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Tick {
        Tick(seconds * 1_000_000_000)
    }

    fn fill(recent: &RecentLatency, millis: u64, now: Tick) {
        for _ in 0..100 {
            recent.record(millis * 1_000_000, now, Slot::current());
        }
    }

    #[test]
    fn a_quantile_follows_the_last_minute_and_forgets_what_is_older() {
        let recent = RecentLatency::default();
        let median = |now| recent.quantile(Ratio::saturating(0.5), now).map(|time| time.as_millis());
        assert_eq!(median(at(0)), None);
        fill(&recent, 100, at(1));
        assert!((100..=113).contains(&median(at(2)).unwrap()));
        fill(&recent, 10, at(40));
        fill(&recent, 10, at(41));
        assert!((10..=12).contains(&median(at(42)).unwrap()), "two thirds are new");
        assert!((10..=12).contains(&median(at(65)).unwrap()));
        assert_eq!(median(at(200)), None);
    }

    #[test]
    fn a_kept_quantile_is_renewed_after_a_second() {
        let (recent, kept) = (RecentLatency::default(), CachedQuantile::default());
        let median = Ratio::saturating(0.5);
        fill(&recent, 100, at(1));
        let first = kept.get(&recent, median, at(1)).unwrap();
        for _ in 0..10 {
            fill(&recent, 10, at(1));
        }
        assert_eq!(kept.get(&recent, median, at(1)), Some(first));
        assert!(kept.get(&recent, median, at(3)).unwrap() < first);
    }
}
