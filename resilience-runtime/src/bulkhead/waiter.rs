//! In: polls. Out: the permit, once it is this one's turn, or that there will be none. Apart from the gate because it is
//! what a call keeps: a reference and a number, with no allocation and no pinning.

use std::fmt;
use std::task::{Context, Poll};
use std::time::Duration;

use super::answer::{Refused, WaiterAnswer};
use super::bulkhead::Bulkhead;
use super::permit::BulkheadPermit;
use crate::clock::Tick;
use crate::wakers::discard;

/// A place in the queue of a bulkhead, or what it led to.
///
/// Dropped while it waits, it leaves the queue; dropped with a permit that nobody has asked for yet, it passes the
/// permit on.
#[must_use = "a waiter that is dropped leaves the queue"]
pub(crate) struct Waiter<'a> {
    bulkhead: &'a Bulkhead,
    id: u64,
    /// Small: a waiter is a part of what an attempt comes to at the gate, whether it has to wait or not.
    check_micros: u32,
    is_over: bool,
}

/// A permit after a wait.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) permit: BulkheadPermit,
    /// Whether it was first come, first served: then the wait says how long the queue is.
    pub(crate) is_fifo: bool,
}

impl<'a> Waiter<'a> {
    pub(super) fn new(bulkhead: &'a Bulkhead, id: u64) -> Self {
        Self { bulkhead, id, check_micros: 0, is_over: false }
    }

    /// Asks whether the permit is there. With `is_time_up` it is the last time: if it is not, there will be none. Not to be
    /// asked again after an answer.
    ///
    /// # Panics
    ///
    /// When it is asked again after an answer.
    pub(crate) fn poll_granted(
        &mut self,
        cx: &mut Context<'_>,
        now: Tick,
        is_time_up: bool,
    ) -> Poll<Result<Granted, Refused>> {
        assert!(!self.is_over, "a waiter was polled after it had its answer");
        // Cloned before the lock and dropped after it: both run the code of whoever made the waker.
        let mut waker = Some(cx.waker().clone());
        let answer = self.bulkhead.ask(self.id, &mut waker, now, is_time_up);
        self.is_over = !matches!(answer, WaiterAnswer::Wait(_));
        discard(waker);
        match answer {
            WaiterAnswer::Wait(check) => {
                // Rounded up: a look that comes too early finds nothing.
                self.check_micros = u32::try_from(check.as_nanos().div_ceil(1_000)).unwrap_or(u32::MAX);
                Poll::Pending
            }
            WaiterAnswer::Granted { is_fifo } => {
                Poll::Ready(Ok(Granted { permit: BulkheadPermit::granted(), is_fifo }))
            }
            WaiterAnswer::Refused(why) => Poll::Ready(Err(why)),
        }
    }

    /// How long after a poll it is to be polled again, if nobody wakes it before: a permit may lie idle by then that
    /// somebody has been woken for who does not come, and there may be nobody else to find that out.
    pub(crate) fn next_check(&self) -> Duration {
        Duration::from_micros(self.check_micros.into())
    }

    /// Leaves the queue now. A waiter that is dropped does the same, at the latest time that the queue knows of.
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
