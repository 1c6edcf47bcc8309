//! Computes the numbers that attempts need of the settings of bulkhead and rate limit. In: the settings of bulkhead and rate limit.
//! Out: the numbers derived from them that every attempt uses.

use resilience_settings::policy::{BulkheadSettings, RateSettings};

use crate::clock::nanos;

/// How many permits a thread may keep as local ones; see the bulkhead's `local_protocol`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct LocalPermitLimits {
    /// While more permits than this are taken, no local permit is acquired.
    pub(crate) limit: u32,
    /// From this many taken permits on, none is kept as a local one.
    pub(crate) keep_below: u32,
    /// How many local permits one thread keeps.
    pub(crate) per_thread: u32,
}

impl LocalPermitLimits {
    /// With a share of a sixteenth, this many threads can fill up with no more than all permits. A smaller limit is
    /// cheaper to share than to reclaim, and allows no local permits.
    const SHARE: u32 = 16;
    /// The last quarter of the permits stays in the word: in a bulkhead that is full now and then, threads would keep
    /// permits that others have to reclaim at once.
    const RESERVE: u32 = 4;
    /// Enough for the calls that one thread has in flight to come and go in any order, mostly.
    const MOST: u32 = 8;

    /// No local permits with an adaptive limit, which is controlled by the count in the word.
    pub(crate) fn of(settings: &BulkheadSettings) -> Self {
        let limit = settings.max_concurrent.max(1);
        let keep_below = limit - limit / Self::RESERVE;
        let per_thread = if settings.adaptive { 0 } else { (limit / Self::SHARE).min(Self::MOST) };
        Self { limit: if settings.adaptive { 0 } else { limit }, keep_below, per_thread }
    }
}

/// The numbers of a rate limit, in nanoseconds, ready for use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Pace {
    /// How far apart attempts are when they are spread evenly; at least 1 where there is a limit.
    pub(crate) period: u64,
    /// How far ahead of that they may be: the burst but for one.
    pub(crate) ahead: u64,
    /// [`RateSettings::max_wait`].
    pub(crate) max_wait: u64,
}

impl Pace {
    /// Millionths of a token, times nanoseconds in a second.
    pub(crate) const UNIT: u64 = 1_000_000 * 1_000_000_000;
    /// 73 years. A burst of which a lifetime would not see the end is as good as any larger one.
    pub(crate) const LONGEST: u64 = 1 << 61;

    pub(crate) fn of(settings: &RateSettings) -> Self {
        // Rounded up, so that rounding never lets too many through: a thousand million a second is as fast as it gets.
        let period = Self::UNIT.div_ceil(settings.per_second.millionths().max(1));
        let burst = u64::from(settings.burst).clamp(1, Self::LONGEST / period);
        Self { period, ahead: (burst - 1) * period, max_wait: nanos(settings.max_wait) }
    }
}
