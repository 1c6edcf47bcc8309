//! What a waiter is told when it asks for its permit.

use std::time::Duration;

/// Why a waiter gets no permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// BodyDurations take longer than its call has time left.
    WouldMissDeadline,
    /// Its wait, or its call, has come to its end.
    TimeUp,
    /// A newcomer has got its place in a full queue. `is_fifo` says that it was the latest to come; otherwise it was the
    /// oldest, and its wait says how long the queue is.
    Displaced { is_fifo: bool },
}

/// What a waiter is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WaiterAnswer {
    /// To wait on, and to ask again after that time even if nobody wakes it.
    Wait(Duration),
    /// To take its permit; `is_fifo` says that it was first come, first served.
    Granted { is_fifo: bool },
    /// To go.
    Refused(Refused),
}
