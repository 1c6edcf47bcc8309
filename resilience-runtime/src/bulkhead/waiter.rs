//! Holds the place of a waiting call in the queue of the bulkhead. In: polls. Out: the permit, or that there will be none. It is a
//! reference and a number, without an allocation and without pinning.

use std::fmt;
use std::task::{Context, Poll};
use std::time::Duration;

use super::answer::{Refused, WaiterAnswer};
use super::bulkhead::Bulkhead;
use super::permit::BulkheadPermit;
use crate::clock::Tick;
use crate::wakers::discard;

/// A place in the queue of a bulkhead, or its outcome.
///
/// Dropped while it waits, it leaves the queue; dropped with a granted permit that was not polled for yet, it passes
/// the permit on.
#[must_use = "a waiter that is dropped leaves the queue"]
pub(crate) struct Waiter<'a> {
    bulkhead: &'a Bulkhead,
    id: u64,
    /// 32 bits, as every result of an admission is large enough to hold a waiter.
    check_micros: u32,
    is_over: bool,
}

/// A permit after a wait.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) permit: BulkheadPermit,
    /// Whether the order was first come, first served: only then does the wait say how long the queue is.
    pub(crate) is_fifo: bool,
}

impl<'a> Waiter<'a> {
    pub(super) fn new(bulkhead: &'a Bulkhead, id: u64) -> Self {
        Self { bulkhead, id, check_micros: 0, is_over: false }
    }

    /// Polls for the permit. `is_time_up` makes it the last poll: without a permit now, there will be none. Must not
    /// be polled again after an answer.
    ///
    /// # Panics
    ///
    /// When it is polled again after an answer.
    pub(crate) fn poll_granted(
        &mut self,
        cx: &mut Context<'_>,
        now: Tick,
        is_time_up: bool,
    ) -> Poll<Result<Granted, Refused>> {
        assert!(!self.is_over, "a waiter was polled after it had its answer");
        // Cloned before the lock and dropped after it: both run foreign code of the waker.
        let mut waker = Some(cx.waker().clone());
        let answer = self.bulkhead.poll_waiter(self.id, &mut waker, now, is_time_up);
        self.is_over = !matches!(answer, WaiterAnswer::Wait(_));
        discard(waker);
        match answer {
            WaiterAnswer::Wait(check) => {
                // Rounded up: a check that comes too early finds nothing.
                self.check_micros = u32::try_from(check.as_nanos().div_ceil(1_000)).unwrap_or(u32::MAX);
                Poll::Pending
            }
            WaiterAnswer::Granted { is_fifo } => {
                Poll::Ready(Ok(Granted { permit: BulkheadPermit::granted(), is_fifo }))
            }
            WaiterAnswer::Refused(why) => Poll::Ready(Err(why)),
        }
    }

    /// How long after a poll it has to be polled again without a wake-up: by then a permit may lie idle because the
    /// waiter that was woken for it is not polled, and there may be nobody else to find that out.
    pub(crate) fn next_check(&self) -> Duration {
        Duration::from_micros(self.check_micros.into())
    }

    /// Leaves the queue now. Dropping a waiter does the same, at the latest time that the queue has seen.
    pub(crate) fn leave(&mut self, now: Tick) {
        if !self.is_over {
            self.is_over = true;
            self.bulkhead.leave(self.id, now);
        }
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.leave(Tick::default());
    }
}

impl fmt::Debug for Waiter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter").field("id", &self.id).finish_non_exhaustive()
    }
}
