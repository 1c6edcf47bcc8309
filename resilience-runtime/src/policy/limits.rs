//! The settings of bulkhead and rate limit go in, the numbers that the engine goes by come out.

use resilience_settings::policy::{BulkheadSettings, RateSettings};

use crate::clock::nanos;

/// How many seats a thread may keep aside for itself, as the bulkhead's pockets explain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct LocalPermitLimits {
    /// While more than these are taken, none is put or taken aside.
    pub(crate) limit: u32,
    /// From so many taken seats on, none is put aside.
    pub(crate) keep_below: u32,
    /// How many one thread keeps.
    pub(crate) per_thread: u32,
}

impl LocalPermitLimits {
    /// So many threads can fill their pockets with no more than all seats. A smaller limit is cheaper to share than
    /// to look for, and leaves them no room.
    const SHARE: u32 = 16;
    /// The last quarter of the seats is left in the word: in a bulkhead that is full now and then, threads would put
    /// seats aside that others have to fetch at once.
    const RESERVE: u32 = 4;
    /// Enough for the calls that one thread has in flight to come and go in any order, mostly.
    const MOST: u32 = 8;

    /// None for an adaptive limit, which goes by what the word counts.
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
