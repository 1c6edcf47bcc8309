//! Who asks for a seat, and what they are told. Plain vocabulary between a call and the queue.

use std::time::Duration;

use crate::clock::Tick;
use crate::priority::Priority;

/// Who asks for a seat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask {
    pub(crate) priority: Priority,
    pub(crate) now: Tick,
    /// When its call began.
    pub(crate) call: Tick,
    /// When its call has to be done.
    pub(crate) deadline: Tick,
}

/// Why a waiter gets no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Bodies take longer than its call has time left.
    WouldMissDeadline,
    /// Its wait, or its call, has come to its end.
    TimeUp,
    /// A newcomer has got its place in a full queue. `in_turn` says that it was the latest to come; otherwise it was the
    /// oldest, and its wait says how long the queue is.
    Displaced { in_turn: bool },
}

/// What a waiter is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// To wait on, and to ask again after that time even if nobody wakes it.
    Wait(Duration),
    /// To take its seat; `in_turn` says that it was first come, first served.
    Seat { in_turn: bool },
    /// To go.
    No(Refused),
}
