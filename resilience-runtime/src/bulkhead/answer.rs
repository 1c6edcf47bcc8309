//! Data: what a poll gives a waiter of the bulkhead: its permit, a refusal, or how long to wait until it asks again.

use std::time::Duration;

/// Why a waiter gets no permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Bodies take longer than its call has time left.
    WouldMissDeadline,
    /// Its wait, or its call, has ended.
    TimeUp,
    /// It was displaced from a full queue. `is_fifo`: it was the latest to arrive. Otherwise it was the oldest, and
    /// its wait says how long the queue is.
    Displaced { is_fifo: bool },
}

/// The answer to one poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WaiterAnswer {
    /// Keep waiting, and poll again after this time even without a wake-up.
    Wait(Duration),
    /// Take a permit. `is_fifo`: the order was first come, first served.
    Granted { is_fifo: bool },
    /// Stop waiting.
    Refused(Refused),
}
