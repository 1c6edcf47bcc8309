//! Latencies in buckets: counted on the call path, read and merged as a histogram of the `histogram` crate.
//!
//! The buckets are those of an H2 histogram: linear up to 2^3 ns, then eight to each power of two, so that
//! a quantile is off by at most an eighth (12.5 %). The crate's own atomic histogram adds with a locked
//! instruction on one shared line; ours has a part per thread, so only the index is computed here, and a
//! test holds it against the crate's.

use std::time::Duration;

use histogram::Histogram;

use crate::shard::Writer;
use crate::sync::atomic::{AtomicU64, Ordering};

/// Eight buckets to each power of two.
const GROUPING: u8 = 3;
/// Up to 2^42 ns, 73 minutes; what takes longer counts there.
const LARGEST: u8 = 42;
const BUCKETS: usize = ((LARGEST - GROUPING + 1) as usize) << GROUPING;

#[derive(Debug)]
pub(crate) struct LatencyCells([AtomicU64; BUCKETS]);

impl Default for LatencyCells {
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl LatencyCells {
    /// Counts a time in nanoseconds.
    #[inline]
    pub(crate) fn record(&self, nanos: u64, by: impl Writer) {
        by.add(&self.0[bucket(nanos)], 1);
    }

    /// Starts again from nothing.
    #[cold]
    pub(crate) fn clear(&self) {
        for bucket in &self.0 {
            bucket.store(0, Ordering::Relaxed);
        }
    }

    /// Adds what has been counted to a reading.
    pub(crate) fn read_into(&self, latency: &mut Latency) {
        for (sum, bucket) in latency.histogram.as_mut_slice().iter_mut().zip(&self.0) {
            *sum = sum.wrapping_add(bucket.load(Ordering::Relaxed));
        }
    }
}

/// The place of a latency among the buckets. The first two powers of two above the linear ones have buckets of 1 ns
/// as those have, so they need no case of their own.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "below 512, whatever the time")]
fn bucket(nanos: u64) -> usize {
    let shift = (nanos | 1 << GROUPING).ilog2() - u32::from(GROUPING);
    let index = (u64::from(shift) << GROUPING) + (nanos >> shift);
    // The index and not the time is held down: that takes the check of the array's bounds along.
    (index as usize).min(BUCKETS - 1)
}

/// How long calls took: a reading of the histogram, which can be merged with others.
///
/// ```
/// use resilience_runtime::monitor::Latency;
/// let nothing = Latency::default();
/// assert_eq!(nothing.count(), 0);
/// assert_eq!(nothing.quantile(0.99), None);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Latency {
    histogram: Histogram,
    total_nanos: u64,
}

impl Default for Latency {
    #[expect(clippy::expect_used, reason = "two constants that the crate accepts, see the tests")]
    fn default() -> Self {
        Self { histogram: Histogram::new(GROUPING, LARGEST).expect("valid constants"), total_nanos: 0 }
    }
}

impl Latency {
    /// How many calls were measured.
    pub fn count(&self) -> u64 {
        self.histogram.as_slice().iter().sum()
    }

    /// The sum of all measured times.
    pub fn total(&self) -> Duration {
        Duration::from_nanos(self.total_nanos)
    }

    /// Adds to the sum of all measured times.
    pub(super) fn add_total(&mut self, nanos: u64) {
        self.total_nanos = self.total_nanos.wrapping_add(nanos);
    }

    /// The time that the given share of the calls did not exceed, at most 12.5 % too long; `None` when
    /// nothing was measured, or for a share outside 0 to 1.
    pub fn quantile(&self, share: f64) -> Option<Duration> {
        let bucket = self.histogram.quantile_bucket(share).ok()??;
        Some(Duration::from_nanos(bucket.end()))
    }

    /// Adds another reading to this one.
    pub fn merge(&mut self, other: &Self) {
        for (sum, count) in self.histogram.as_mut_slice().iter_mut().zip(other.histogram.as_slice()) {
            *sum = sum.saturating_add(*count);
        }
        self.total_nanos = self.total_nanos.saturating_add(other.total_nanos);
    }

    /// The non-empty buckets: the longest time that each holds, and how many calls it counted.
    pub fn buckets(&self) -> impl Iterator<Item = (Duration, u64)> {
        self.histogram
            .iter()
            .filter(|bucket| bucket.count() > 0)
            .map(|bucket| (Duration::from_nanos(bucket.end()), bucket.count()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shard::Slot;

    #[test]
    fn our_index_is_the_crates_index() {
        let mut values: Vec<u64> = (0..2_000).collect();
        for power in 0..64 {
            for offset in [-1_i64, 0, 1, 7, 12_345] {
                values.push((1_u64 << power).saturating_add_signed(offset));
            }
        }
        for value in values {
            let mut theirs = Histogram::new(GROUPING, LARGEST).unwrap();
            theirs.increment(value.min((1 << LARGEST) - 1)).unwrap();
            assert_eq!(theirs.as_slice().iter().position(|n| *n == 1), Some(bucket(value)), "{value}");
        }
    }

    #[test]
    fn quantiles_are_at_most_an_eighth_too_long() {
        let cells = LatencyCells::default();
        let slot = Slot::current();
        for micros in 1..=1_000 {
            cells.record(micros * 1_000, slot);
        }
        let mut reading = Latency::default();
        cells.read_into(&mut reading);
        reading.add_total(500_500_000);
        assert_eq!(reading.count(), 1_000);
        assert_eq!(reading.total(), Duration::from_micros(500_500));
        let median = reading.quantile(0.5).unwrap();
        assert!((500..=563).contains(&median.as_micros()), "{median:?}");
        let mut double = reading.clone();
        double.merge(&reading);
        assert_eq!(double.total(), 2 * reading.total());
        assert_eq!((double.count(), double.quantile(0.5)), (2_000, Some(median)));
    }
}
