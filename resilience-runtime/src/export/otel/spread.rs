//! Computes the times that OpenTelemetry's histogram is given for counts of buckets. In: how many calls each bucket has gained and
//! how long they took together. Out: a time for each bucket, such that so many calls of these times have that sum. Pure.
//!
//! A synchronous histogram takes single values, and single values are not kept. One middle value per bucket would be off by up
//! to a half in the sum, that is in every average; values scaled to the sum alone would leave their buckets.

use crate::monitor::{BUCKET_ENDS_NANOS, BUCKETS};

/// A time for each bucket, in seconds, and what the sum has beyond them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) times: [f64; BUCKETS],
    /// What no times within the buckets add up to: a reading that caught a call between its time and its count. It goes to
    /// the next one.
    pub(super) rest: f64,
}

/// Spreads a sum over the calls of the buckets: each time is as far into its bucket as all others into theirs.
#[expect(clippy::cast_precision_loss, reason = "below 2^53 calls in a second")]
pub(super) fn spread(counts: &[u64; BUCKETS], sum: f64) -> Spread {
    let bounds: [(f64, f64); BUCKETS] = std::array::from_fn(bounds);
    let total = |of: fn(&(f64, f64)) -> f64| -> f64 {
        counts.iter().zip(&bounds).map(|(count, bounds)| *count as f64 * of(bounds)).sum()
    };
    let (shortest, longest) = (total(|(low, _)| *low), total(|(_, high)| *high));
    let share =
        if longest > shortest { ((sum - shortest) / (longest - shortest)).clamp(0.0, 1.0) } else { 0.0 };
    let mut times = bounds.map(|(low, high)| low + share * (high - low));
    let mut rest = sum - (shortest + share * (longest - shortest));
    // The last bucket has no end.
    let last = counts[BUCKETS - 1];
    if rest > 0.0 && last > 0 {
        times[BUCKETS - 1] += rest / last as f64;
        rest = 0.0;
    }
    Spread { times, rest }
}

/// The shortest and the longest time of a bucket, in seconds. To OpenTelemetry the end belongs to the bucket and the beginning
/// does not.
#[expect(clippy::cast_precision_loss, reason = "powers of two are exact")]
fn bounds(bucket: usize) -> (f64, f64) {
    let end = |bucket: usize| BUCKET_ENDS_NANOS[bucket] as f64 / 1e9;
    let low = bucket.checked_sub(1).map_or(0.0, |before| end(before) * (1.0 + 1e-9));
    let high = if bucket < BUCKET_ENDS_NANOS.len() { end(bucket) } else { end(bucket - 1) * 2.0 };
    (low, high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bucket_of(time: f64) -> usize {
        #[expect(clippy::cast_precision_loss, reason = "powers of two are exact")]
        BUCKET_ENDS_NANOS.partition_point(|end| (*end as f64 / 1e9) < time)
    }

    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    fn sum_of(counts: &[u64; BUCKETS], spread: &Spread) -> f64 {
        counts.iter().zip(&spread.times).map(|(count, time)| *count as f64 * time).sum()
    }

    #[test]
    fn nothing_is_spread_over_nobody() {
        assert!(spread(&[0; BUCKETS], 0.0).rest.abs() < 1e-12);
        assert!((spread(&[0; BUCKETS], 0.5).rest - 0.5).abs() < 1e-12, "a time whose count is still to come");
    }

    #[test]
    fn a_sum_that_the_buckets_cannot_have_leaves_a_rest() {
        let mut counts = [0; BUCKETS];
        counts[3] = 2;
        for (sum, sign) in [(1e-6, -1.0), (10.0, 1.0)] {
            let spread = spread(&counts, sum);
            assert_eq!(bucket_of(spread.times[3]), 3);
            assert!(spread.rest * sign > 0.0, "{spread:?}");
            assert!((sum_of(&counts, &spread) + spread.rest - sum).abs() < 1e-9);
        }
        counts[BUCKETS - 1] = 1;
        let spread = spread(&counts, 1e6);
        assert!(
            spread.rest.abs() < 1e-9 && spread.times[BUCKETS - 1] > 9e5,
            "the last has no end: {spread:?}"
        );
    }

    proptest! {
        /// Calls of any times: counted in their buckets and added up, as the counters do.
        #[test]
        fn counts_stay_in_their_buckets_and_the_sum_is_the_true_one(
            nanos in proptest::collection::vec(0_u64..1 << 41, 1..200)
        ) {
            let mut counts = [0_u64; BUCKETS];
            for nanos in &nanos {
                // As the page counts them: the end of a bucket belongs to the next.
                counts[BUCKET_ENDS_NANOS.partition_point(|end| end <= nanos)] += 1;
            }
            #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
            let sum = nanos.iter().sum::<u64>() as f64 / 1e9;
            let spread = spread(&counts, sum);
            for (bucket, count) in counts.iter().enumerate() {
                prop_assert!(*count == 0 || bucket_of(spread.times[bucket]) == bucket, "{spread:?}");
            }
            // All calls at the very beginning of their buckets are a billionth below what OpenTelemetry counts there.
            prop_assert!(spread.rest.abs() <= sum * 2e-9 + 1e-15, "{}", spread.rest);
            prop_assert!((sum_of(&counts, &spread) + spread.rest - sum).abs() <= sum * 1e-9 + 1e-15);
        }
    }
}
