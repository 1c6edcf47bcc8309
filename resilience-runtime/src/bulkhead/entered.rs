//! What asking for a seat led to.

use super::seat::Seat;
use super::waiter::Waiter;

/// A seat, or a place in the queue for one.
#[derive(Debug)]
pub(crate) enum Entered<'a> {
    /// A seat that has come free since.
    Seated(Seat),
    /// A place in the queue.
    Waits(Waiter<'a>),
}

/// All seats are taken and so is the queue, by those who matter as much or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;
