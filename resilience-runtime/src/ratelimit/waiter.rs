//! Holds the place of a waiting call in the queue of a rate limit. In: polls. Out: the slot, the time to ask again, or giving up.

use std::fmt;
use std::task::Context;
use std::time::Duration;

use super::limit::RateLimit;
use super::rate_slot::RateSlot;
use crate::clock::Tick;
use crate::policy::Pace;
use crate::wakers::discard;

/// A place in the queue. Dropping it leaves the queue and uses up no slot.
#[must_use = "a waiter that is dropped leaves the queue"]
pub(crate) struct SlotWaiter<'a> {
    limit: &'a RateLimit,
    number: u64,
    /// When it gives up.
    until: Tick,
}

/// The answer to a poll of a waiter.
#[derive(Debug)]
pub(crate) enum SlotAnswer<'a> {
    /// Its slot.
    Slot(RateSlot<'a>),
    /// Ask again at that time, whether woken before or not.
    AskAt(Tick),
    /// It has waited as long as it may. Trying again makes sense after that time.
    GaveUp(Duration),
}

impl<'a> SlotWaiter<'a> {
    pub(super) fn new(limit: &'a RateLimit, number: u64, until: Tick) -> Self {
        Self { limit, number, until }
    }

    /// Polls for the slot. Must not be called again after `Slot` or `GaveUp`.
    pub(crate) fn ask(&mut self, pace: Pace, now: Tick, cx: &Context<'_>) -> SlotAnswer<'a> {
        // Cloned before the lock and dropped after it: both run foreign code of the waker.
        let mut own = Some(cx.waker().clone());
        let mut queue = self.limit.queue();
        queue.pace = pace;
        queue.mark_polled(self.number, now);
        queue.pass_over_absent(now);
        let asked = self.limit.answer(&queue, self.number, self.until, now);
        let before = match asked {
            SlotAnswer::AskAt(at) => queue.wait(self.number, own.take(), at),
            SlotAnswer::Slot(_) | SlotAnswer::GaveUp(_) => queue.leave(self.number),
        };
        let woken = self.limit.notify_next(&mut queue, Some(now));
        drop(queue);
        discard(before);
        discard(own);
        woken.wake();
        asked
    }
}

impl Drop for SlotWaiter<'_> {
    fn drop(&mut self) {
        self.limit.leave(self.number);
    }
}

impl fmt::Debug for SlotWaiter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlotWaiter").field("number", &self.number).finish_non_exhaustive()
    }
}
