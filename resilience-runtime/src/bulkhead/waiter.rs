//! In: polls. Out: the seat, once it is this one's turn. Apart from the gate because it is what a call keeps: a
//! reference and a key, with no allocation and no pinning.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::gate::{Bulkhead, Seat};
use crate::wakers::discard;

/// A place in the queue of a bulkhead, or the seat it led to.
///
/// Dropped while it waits, it leaves the queue; dropped with a seat that nobody has asked for yet, it passes the
/// seat on.
#[must_use = "a waiter that is dropped leaves the queue"]
pub(crate) struct Waiter<'a> {
    bulkhead: &'a Bulkhead,
    key: (u64, u64),
    taken: bool,
}

impl<'a> Waiter<'a> {
    pub(super) fn new(bulkhead: &'a Bulkhead, key: (u64, u64)) -> Self {
        Self { bulkhead, key, taken: false }
    }

    /// Asks whether the seat is there. Not to be asked again after it was.
    ///
    /// # Panics
    ///
    /// When it is asked again after it was.
    pub(crate) fn poll_granted(&mut self, cx: &mut Context<'_>) -> Poll<Seat> {
        assert!(!self.taken, "a waiter was polled after it had its seat");
        // Cloned before the lock and dropped after it: both run the code of whoever made the waker.
        let mut waker = Some(cx.waker().clone());
        {
            let mut queue = self.bulkhead.queue();
            if let Some(place) = queue.waker(self.key) {
                mem::swap(place, &mut waker);
                drop(queue);
                discard(waker);
                return Poll::Pending;
            }
        }
        // Before the seat is taken: its destructor is foreign code, too.
        discard(waker);
        // Only being seated takes a waiter out of the queue while it lives.
        self.taken = true;
        Poll::Ready(Seat::granted())
    }
}

impl Future for Waiter<'_> {
    type Output = Seat;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Seat> {
        self.get_mut().poll_granted(cx)
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        if !self.taken {
            self.bulkhead.leave(self.key);
        }
    }
}

impl fmt::Debug for Waiter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter").field("key", &self.key).finish_non_exhaustive()
    }
}
