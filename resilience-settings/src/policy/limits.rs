//! Data: the checked settings of what holds attempts back: bulkhead, rate limit, client-side throttle.

use std::time::Duration;

use super::fields::{choose, settings};
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
    ///
    /// Both limits are at least 1. No waiter waits longer than `max_wait`, nor past the deadline of its call.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct BulkheadSettings {}
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
    ///
    /// `per_second` is above zero, with fractions, and `burst` at least 1. An attempt that waits is rejected at once if those who
    /// wait already, each taking its turn, would keep it for longer than `max_wait` or up to its deadline; zero rejects at once.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct RateSettings {}
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
    pub struct ThrottleSettings {}
}

impl Default for ThrottleSettings {
    /// Twice as many requests as are accepted, over two minutes: the book's own values.
    fn default() -> Self {
        Self::of(|_| None)
    }
}
