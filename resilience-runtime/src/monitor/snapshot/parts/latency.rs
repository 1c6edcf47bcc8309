//! Plain data: what a snapshot shows of the times of calls, in buckets.

/// The ends of the buckets in nanoseconds, powers of two from 131 µs to 550 s: what takes less than so long is in the
/// bucket or in one before it.
pub(crate) const BUCKET_ENDS_NANOS: [u64; 23] = {
    let mut ends = [1 << 17; 23];
    let mut bucket = 1;
    while bucket < ends.len() {
        ends[bucket] = ends[bucket - 1] << 1;
        bucket += 1;
    }
    ends
};

/// How long the calls took whose body ran, their delays included, since the process started. Rejected calls whose body
/// did not run, answers of a cache, and cancelled and panicked calls are not among them.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LatencySnapshot {
    /// How many calls were measured: the sum of the buckets.
    pub count: u64,
    /// The sum of their times.
    pub total_us: u64,
    /// How many calls each bucket holds; not cumulative. The ends are
    /// [`DashboardData::latency_bucket_ends_us`](crate::monitor::snapshot::DashboardData::latency_bucket_ends_us), and the one bucket more is
    /// for what took longer than the last.
    pub buckets: [u64; 24],
}

impl LatencySnapshot {
    /// The first bucket ends at 2 to the power of this, in nanoseconds.
    pub(crate) const FIRST_POWER: u32 = BUCKET_ENDS_NANOS[0].ilog2();

    /// The ends of all buckets but the last, in seconds, with the number of calls that took less: cumulative, as
    /// Prometheus has them. The last of its buckets, `+Inf`, is [`count`](Self::count).
    pub fn cumulative(&self) -> impl Iterator<Item = (f64, u64)> {
        let mut below = 0_u64;
        #[expect(clippy::cast_precision_loss, reason = "powers of two are exact")]
        BUCKET_ENDS_NANOS.iter().zip(self.buckets).map(move |(end, count)| {
            below = below.saturating_add(count);
            (*end as f64 / 1e9, below)
        })
    }
}
