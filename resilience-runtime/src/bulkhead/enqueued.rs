//! What asking for a permit led to.

use super::permit::BulkheadPermit;
use super::waiter::Waiter;

/// A permit, or a place in the queue for one.
#[derive(Debug)]
pub(crate) enum Enqueued<'a> {
    /// A permit that has come free since.
    Acquired(BulkheadPermit),
    /// A place in the queue.
    Queued(Waiter<'a>),
}

/// All permits are taken and so is the queue, by those who matter as much or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QueueFull;
