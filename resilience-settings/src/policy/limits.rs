//! The checked settings of what holds attempts back: bulkhead, rate limit, client-side throttle.

use std::time::Duration;

use super::fields::settings;
use super::numbers::{Multiplier, Tokens};

settings! {
    /// How many attempts of a service may run at once, and how many may wait for that.
    ///
    /// A newcomer takes a free permit only while nobody waits. Waiters are served by priority, first come first served within
    /// one, and each 250 ms of waiting makes up for a level of priority.
    ///
    /// When a permit comes free, a waiter whose call has no more time left until its deadline than the median of the last 31
    /// bodies that ended while somebody waited (a body that was cut off counts with its age; fewer than 5 are no rule) is
    /// passed over, and its call ends with `RejectionKind::WouldMissDeadline`. No permit stays free
    /// for that: if no waiter has time enough, the one with most time left goes in. A `Critical` waiter is passed over for
    /// other `Critical` ones only.
    ///
    /// Once a waiter has been lost to time, by that rule or at the end of `max_wait` or of its deadline, the newest call of
    /// the highest priority goes first until nobody waits.
    ///
    /// A permit that a waiter has been woken for and has not taken after 100 ms, since nobody polls it or its runtime is late,
    /// is also offered to the next. Whoever is polled first takes it, and the other keeps its place at the head.
    ///
    /// A newcomer to a full queue takes the place of the latest comer of the lowest priority below its own (once a waiter has
    /// been lost: of the oldest call of the lowest priority that is not above its own), whose call ends with
    /// `RejectionKind::BulkheadFull`. Where nobody matters less, the newcomer itself does.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct BulkheadSettings {
        /// Attempts that run at once; at least 1.
        pub max_concurrent: u32 = MaxConcurrent,
        /// Attempts that may wait; 0 rejects at once.
        pub max_queue: u32 = MaxQueue,
        /// How long one may wait; the deadline of the call bounds it as well.
        pub max_wait: Duration = BulkheadMaxWait,
        /// Whether the limit follows the latency of the service, up to `max_concurrent`.
        pub adaptive: bool = BulkheadAdaptive,
        /// The least that an adaptive limit goes down to; at least 1.
        pub min_concurrent: u32 = MinConcurrent,
    }
}

impl Default for BulkheadSettings {
    /// 64 at once, as many in the queue, for at most a second; the limit is fixed.
    fn default() -> Self {
        Self::of(|_| None)
    }
}

settings! {
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
        pub per_second: Tokens = PerSecond,
        /// How many may start at once after a quiet time; at least 1.
        pub burst: u32 = RateBurst,
        /// How long an attempt may wait for its turn; zero rejects at once. It is also rejected at once if those who wait
        /// already, each taking its turn, would keep it for longer than this or up to its deadline.
        pub max_wait: Duration = RateMaxWait,
    }
}

impl Default for RateSettings {
    /// 100 a second, 10 at once, nobody waits.
    fn default() -> Self {
        Self::of(|_| None)
    }
}

settings! {
    /// Adaptive throttling on our side (Site Reliability Engineering, chapter 21): an attempt is rejected here with
    /// probability `max(0, (requests - k * accepts) / (requests + 1))`.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct ThrottleSettings {
        /// How many requests per accepted one are let through; at least 1.
        pub k: Multiplier = ThrottleK,
        /// How far it looks back.
        pub window: Duration = ThrottleWindow,
    }
}

impl Default for ThrottleSettings {
    /// Twice as many requests as are accepted, over two minutes: the book's own values.
    fn default() -> Self {
        Self::of(|_| None)
    }
}
