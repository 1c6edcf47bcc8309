//! Counts times of calls in the buckets of a histogram, and computes quantiles. In: times of calls, on the call path. Out: readings
//! with quantiles, which can be merged.
//!
//! The buckets are those of an H2 histogram: linear up to 2^4 ns, then eight per power of two, so that a quantile is
//! off by at most an eighth (12.5 %). The atomic histogram of a crate was rejected: it adds with a locked instruction
//! on one shared cache line, while this one has counters per thread.

#[cfg(feature = "otel-histogram")]
pub(super) mod recorded;

use std::time::Duration;

use crate::counting::shard::Writer;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::zeros;

/// Eight buckets to each power of two.
const GROUPING: u8 = 3;
/// Up to 2^42 ns, 73 minutes; what takes longer counts there.
const LARGEST: u8 = 42;
const BUCKETS: usize = ((LARGEST - GROUPING + 1) as usize) << GROUPING;

#[derive(Debug)]
pub(crate) struct LatencyCells([AtomicU64; BUCKETS]);

impl Default for LatencyCells {
    fn default() -> Self {
        Self(zeros())
    }
}

impl LatencyCells {
    /// Counts a time in nanoseconds.
    #[inline]
    pub(crate) fn record(&self, nanos: u64, by: impl Writer) {
        by.add(&self.0[bucket(nanos)], 1);
    }

    /// Clears all buckets.
    #[cold]
    pub(crate) fn clear(&self) {
        for bucket in &self.0 {
            bucket.store(0, Ordering::Relaxed);
        }
    }

    /// Adds these buckets to a reading.
    pub(crate) fn read_into(&self, latency: &mut Latency) {
        for (sum, bucket) in latency.counts.iter_mut().zip(&self.0) {
            *sum = sum.wrapping_add(bucket.load(Ordering::Relaxed));
        }
    }
}

/// The index of the bucket of a time. The first two powers of two above the linear range have buckets of 1 ns like
/// it, so they need no case of their own.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "below 512, whatever the time")]
fn bucket(nanos: u64) -> usize {
    let shift = (nanos | 1 << GROUPING).ilog2() - u32::from(GROUPING);
    let index = (u64::from(shift) << GROUPING) + (nanos >> shift);
    // The index is limited instead of the time: that also removes the bounds check of the array.
    (index as usize).min(BUCKETS - 1)
}

/// The longest time in a bucket.
fn end(bucket: usize) -> Duration {
    let shift = (bucket >> GROUPING).saturating_sub(1);
    let steps = bucket - (shift << GROUPING);
    Duration::from_nanos((((steps as u64) + 1) << shift) - 1)
}

/// How many buckets [`CompactCounts`] has: from half a microsecond to 9 minutes; the first and the last take what is
/// outside.
pub(super) const COMPACT_BUCKETS: usize = 240;
const FIRST_COMPACT: usize = 56;

/// A reading that is kept for a while: without the buckets of negligible times, each count modulo 2^32, which is
/// enough for differences.
pub(super) type CompactCounts = [u32; COMPACT_BUCKETS];

/// The time that this share of the calls between two readings did not exceed, at most an eighth too long.
pub(super) fn quantile_between(before: &CompactCounts, now: &CompactCounts, share: f64) -> Option<Duration> {
    let counts = || before.iter().zip(now).map(|(before, now)| u64::from(now.wrapping_sub(*before)));
    let all: u64 = counts().sum();
    if all == 0 {
        return None;
    }
    let (rank, mut passed) = (rank(share, all), 0);
    let place = counts().position(|count| {
        passed += count;
        passed >= rank
    })?;
    Some(end(FIRST_COMPACT + place))
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
    counts: Box<[u64; BUCKETS]>,
    total_nanos: u64,
}

impl Default for Latency {
    fn default() -> Self {
        Self { counts: Box::new([0; BUCKETS]), total_nanos: 0 }
    }
}

impl Latency {
    /// How many calls were measured.
    pub fn count(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
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
        if !(0.0..=1.0).contains(&share) {
            return None;
        }
        let rank = rank(share, self.count());
        let mut passed = 0_u64;
        self.buckets()
            .find(|(_, count)| {
                passed = passed.saturating_add(*count);
                passed >= rank
            })
            .map(|(end, _)| end)
    }

    /// Adds another reading to this one.
    pub fn merge(&mut self, other: &Self) {
        for (sum, count) in self.counts.iter_mut().zip(other.counts.iter()) {
            *sum = sum.saturating_add(*count);
        }
        self.total_nanos = self.total_nanos.saturating_add(other.total_nanos);
    }

    /// What is left without a reading of some of the calls.
    pub(super) fn without(&self, some: &Self) -> Self {
        let mut left = self.clone();
        for (count, less) in left.counts.iter_mut().zip(some.counts.iter()) {
            *count = count.saturating_sub(*less);
        }
        left.total_nanos = left.total_nanos.saturating_sub(some.total_nanos);
        left
    }

    /// The reading in compact form.
    #[expect(clippy::cast_possible_truncation, reason = "modulo 2^32")]
    pub(super) fn compact(&self) -> CompactCounts {
        let mut compact = [0_u32; COMPACT_BUCKETS];
        for (bucket, count) in self.counts.iter().enumerate() {
            let kept = &mut compact[bucket.saturating_sub(FIRST_COMPACT).min(COMPACT_BUCKETS - 1)];
            *kept = kept.wrapping_add(*count as u32);
        }
        compact
    }

    /// The counts of buckets that end at powers of two of nanoseconds, from `first` on; the last one takes all longer
    /// times.
    pub(crate) fn octaves<const N: usize>(&self, first: u32) -> [u64; N] {
        let mut octaves = [0_u64; N];
        for (end, count) in self.buckets() {
            // The end is inclusive, so the next value is the power of two, or below it.
            let power = (end.as_nanos() + 1).next_power_of_two().ilog2();
            let octave = &mut octaves[(power.saturating_sub(first) as usize).min(N - 1)];
            *octave = octave.saturating_add(count);
        }
        octaves
    }

    /// The non-empty buckets: the longest time that each holds, and how many calls it counted.
    pub fn buckets(&self) -> impl Iterator<Item = (Duration, u64)> {
        let counts = self.counts.iter().enumerate();
        counts.filter(|(_, count)| **count > 0).map(|(bucket, count)| (end(bucket), *count))
    }
}

/// The rank, among `count` calls in the order of their times, that this share of them does not exceed.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "between 0 and the count; above 2^53 calls the share has fewer digits than the count"
)]
fn rank(share: f64, count: u64) -> u64 {
    ((share * count as f64).ceil() as u64).clamp(1, count.max(1))
}

#[cfg(test)]
mod tests;
