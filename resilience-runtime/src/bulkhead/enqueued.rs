//! Data: the result of a request on the slow path: a permit, a place in the queue, or a full queue.

use super::permit::BulkheadPermit;
use super::waiter::Waiter;

/// A permit, or a place in the queue for one.
#[derive(Debug)]
pub(crate) enum Enqueued<'a> {
    /// A permit that was released in the meantime.
    Acquired(BulkheadPermit),
    /// A place in the queue.
    Queued(Waiter<'a>),
}

/// All permits are taken, and the queue is full of waiters with the same or a higher priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QueueFull;
