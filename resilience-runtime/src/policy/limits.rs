//! The checked settings of what holds attempts back: bulkhead, rate limit, client-side throttle.

use std::time::Duration;

use super::numbers::{Multiplier, Tokens};
use crate::clock::nanos;

/// How many attempts of a service may run at once, and how many may wait for that.
///
/// A newcomer takes a free seat only while nobody waits. Waiters are served by priority, first come first served within
/// one, and each 250 ms of waiting makes up for a level of priority.
///
/// When a seat comes free, a waiter whose call has no more time left until its deadline than the median of the last 31
/// bodies that ended while somebody waited (a body that was cut off counts with its age; fewer than 5 are no rule) is
/// passed over, and its call ends with [`WouldMissDeadline`](crate::RejectionKind::WouldMissDeadline). No seat stays free
/// for that: if no waiter has time enough, the one with most time left goes in. A `Critical` waiter is passed over for
/// other `Critical` ones only.
///
/// Once a waiter has been lost to time, by that rule or at the end of `max_wait` or of its deadline, the newest call of
/// the highest priority goes first until nobody waits.
///
/// A seat that a waiter has been woken for and has not taken after 100 ms, since nobody polls it or its runtime is late,
/// is also offered to the next. Whoever is polled first takes it, and the other keeps its place at the head.
///
/// A newcomer to a full queue takes the place of the latest comer of the lowest priority below its own (once a waiter has
/// been lost: of the oldest call of the lowest priority that is not above its own), whose call ends with
/// [`BulkheadFull`](crate::RejectionKind::BulkheadFull). Where nobody matters less, the newcomer itself does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct BulkheadSettings {
    /// Attempts that run at once; at least 1.
    pub max_concurrent: u32,
    /// Attempts that may wait; 0 rejects at once.
    pub max_queue: u32,
    /// How long one may wait; the deadline of the call bounds it as well.
    pub max_wait: Duration,
    /// Whether the limit follows the latency of the service, up to `max_concurrent`.
    pub adaptive: bool,
    /// The least that an adaptive limit goes down to; at least 1.
    pub min_concurrent: u32,
}

/// How many seats a thread may keep aside for itself, as the bulkhead's pockets explain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Aside {
    /// While more than these are taken, none is put or taken aside.
    pub(crate) limit: u32,
    /// From so many taken seats on, none is put aside.
    pub(crate) plenty: u32,
    /// How many one thread keeps.
    pub(crate) room: u32,
}

impl Aside {
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
        let plenty = limit - limit / Self::RESERVE;
        let room = if settings.adaptive { 0 } else { (limit / Self::SHARE).min(Self::MOST) };
        Self { limit: if settings.adaptive { 0 } else { limit }, plenty, room }
    }
}

impl Default for BulkheadSettings {
    /// 64 at once, as many in the queue, for at most a second; the limit is fixed.
    fn default() -> Self {
        Self {
            max_concurrent: 64,
            max_queue: 64,
            max_wait: Duration::from_secs(1),
            adaptive: false,
            min_concurrent: 1,
        }
    }
}

/// How many attempts of a service may start in a second, spread evenly (GCRA).
///
/// In any time `t`, at most `burst + per_second · t` attempts start. Timers are late by a millisecond or two, which would
/// cost most turns of a fast limit with a small burst, so above 100 a second those that wait may be that much closer
/// together: `burst + per_second · (t + 2 ms)`.
///
/// Waiters start in the order of coming, and no newcomer overtakes them. They reserve nothing: one that is dropped, or
/// refused at its turn by the breaker or a full bulkhead, leaves the turn to the next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RateSettings {
    /// Attempts per second, above zero; fractions allowed.
    pub per_second: Tokens,
    /// How many may start at once after a quiet time; at least 1.
    pub burst: u32,
    /// How long an attempt may wait for its turn; zero rejects at once. It is also rejected at once if those who wait
    /// already, each taking its turn, would keep it for longer than this or up to its deadline.
    pub max_wait: Duration,
}

impl Default for RateSettings {
    /// 100 a second, 10 at once, nobody waits.
    fn default() -> Self {
        Self { per_second: Tokens::whole(100), burst: 10, max_wait: Duration::ZERO }
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

/// Adaptive throttling on our side (Site Reliability Engineering, chapter 21): an attempt is rejected here with
/// probability `max(0, (requests - k * accepts) / (requests + 1))`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ThrottleSettings {
    /// How many requests per accepted one are let through; at least 1.
    pub k: Multiplier,
    /// How far it looks back.
    pub window: Duration,
}

impl Default for ThrottleSettings {
    /// Twice as many requests as are accepted, over two minutes: the book's own values.
    fn default() -> Self {
        Self { k: Multiplier::TWO, window: Duration::from_mins(2) }
    }
}
