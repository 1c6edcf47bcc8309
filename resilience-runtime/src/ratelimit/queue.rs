//! Decides which waiter of the rate limit is next. In: waiters that arrive, are polled and leave. Out: which of them is next, and
//! which to wake. A file of its own because the order is a rule of its own, without atomics.
//!
//! Only the first waiter takes a slot. But a waiter is a future, and a future may be alive without being polled: its
//! task is slow, or polls another branch. So each entry records by when its task will have been notified, by its own
//! timer or by a waiter that leaves. A first waiter that has not been polled within [`RESPONSE_TIME`] of that time is
//! *absent*, and the next waiter becomes the first. An absent waiter keeps its number: when it is polled at last, it
//! is ahead of all that arrived later. Absence follows from the time alone, so no waiter has to be marked as stuck
//! and cleared again.
//!
//! The next waiter needs a timer to find out. The second's timer fires when the first would become absent, the
//! third's when the second would, and so on for [`LOOKAHEAD`] waiters; waiters further back check as often as the
//! last of these. Each timer leaves time for the waiters ahead of it, so while all are polled in time, nearly none of
//! these timers fire: waiters are notified when they become first and second.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

use crate::clock::Tick;
use crate::policy::Pace;
use crate::wakers::Wakers;

/// How long a notified waiter may take to be polled before the next one is notified as well: long for a task that is
/// scheduled, even on a busy machine, and short for a waiter behind one that is stuck.
pub(super) const RESPONSE_TIME: Duration = Duration::from_millis(100);

/// How many of the waiters ahead a waiter allows for: after at most this many times [`RESPONSE_TIME`], each waiter
/// checks whether it is first.
pub(super) const LOOKAHEAD: u32 = 10;

/// The waiters, in order of arrival.
#[derive(Debug, Default)]
pub(super) struct Queue {
    present: BTreeMap<u64, QueuedWaiter>,
    /// Waiters that were notified and have not been polled since.
    absent: BTreeMap<u64, QueuedWaiter>,
    /// How many waiters have ever arrived; the number of the last one.
    came: u64,
    /// The pace of the latest caller. A waiter that is dropped uses it, as it has no settings.
    pub(super) pace: Pace,
    /// While the limit is off: the former period, in which the slots used are counted.
    pub(super) period_before: u64,
}

#[derive(Debug)]
struct QueuedWaiter {
    /// `None` if its task was notified, or has not polled yet.
    waker: Option<Waker>,
    /// By when its task will have been notified; `None` if it was notified just now, by a waiter that was dropped and
    /// knows no time.
    notified: Option<Tick>,
}

impl QueuedWaiter {
    /// Notifies the task, unless it has been notified or its own timer fires early enough. It is notified once: to
    /// notify an unresponsive waiter again would only restart the wait for it.
    fn notify(&mut self, early_enough: Tick, now: Option<Tick>) -> Option<Waker> {
        if self.notified.is_none_or(|notified| notified <= early_enough) {
            return None;
        }
        let waker = self.waker.take()?;
        self.notified = now;
        Some(waker)
    }
}

impl Queue {
    /// Whether no present waiter is left; absent ones do not count.
    pub(super) fn is_empty(&self) -> bool {
        self.present.is_empty()
    }

    /// How many waiters are present.
    pub(super) fn len(&self) -> u64 {
        self.present.len() as u64
    }

    /// Adds a waiter, which will be polled at once; returns its number.
    pub(super) fn join(&mut self, now: Tick) -> u64 {
        self.came += 1;
        self.present.insert(self.came, QueuedWaiter { waker: None, notified: Some(now) });
        self.came
    }

    /// Marks a waiter as polled, hence present.
    pub(super) fn mark_polled(&mut self, number: u64, now: Tick) {
        if let Some(waiter) = self.absent.remove(&number) {
            self.present.insert(number, waiter);
        }
        if let Some(waiter) = self.present.get_mut(&number) {
            waiter.notified = Some(now);
        }
    }

    /// How many present waiters are ahead of it, at most [`LOOKAHEAD`].
    pub(super) fn rank(&self, number: u64) -> u32 {
        (0..LOOKAHEAD)
            .zip(self.present.keys())
            .find(|(_, other)| **other == number)
            .map_or(LOOKAHEAD, |(rank, _)| rank)
    }

    /// Moves waiters that would be first but did not respond in time to the absent ones.
    pub(super) fn pass_over_absent(&mut self, now: Tick) {
        while let Some(mut first) = self.present.first_entry() {
            let notified = *first.get_mut().notified.get_or_insert(now);
            if now < notified.plus(RESPONSE_TIME) {
                return;
            }
            let (number, waiter) = first.remove_entry();
            self.absent.insert(number, waiter);
        }
    }

    /// When a waiter that is polled now has to check again at the latest: the first one when its slot is due, the
    /// others when all ahead of them could be absent.
    pub(super) fn next_check(&self, rank: u32, due: Tick, now: Tick) -> Tick {
        if rank == 0 {
            return due;
        }
        let first = self.present.values().next().and_then(|waiter| waiter.notified);
        first.unwrap_or(now).plus(RESPONSE_TIME * rank)
    }

    /// Stores the waker of a waiter and when its timer fires. Returns the former waker.
    pub(super) fn wait(&mut self, number: u64, waker: Option<Waker>, until: Tick) -> Option<Waker> {
        let waiter = self.present.get_mut(&number)?;
        waiter.notified = Some(until);
        std::mem::replace(&mut waiter.waker, waker)
    }

    /// Removes a waiter. Returns its waker.
    pub(super) fn leave(&mut self, number: u64) -> Option<Waker> {
        let waiter = self.present.remove(&number).or_else(|| self.absent.remove(&number))?;
        waiter.waker
    }

    /// Notifies the first two waiters, unless they will check in time anyway: the first if its timer would fire after
    /// its slot is due, the second if its timer would fire after the first becomes absent. `now` is `None` when a
    /// waiter is dropped.
    pub(super) fn notify_next(&mut self, due: Tick, now: Option<Tick>) -> Wakers {
        let mut wakers = Wakers::none();
        let mut waiters = self.present.values_mut();
        if let Some(first) = waiters.next() {
            wakers.push(first.notify(due, now));
            let absent_from = first.notified.map_or(Tick(0), |notified| notified.plus(RESPONSE_TIME));
            wakers.push(waiters.next().and_then(|second| second.notify(absent_from, now)));
        }
        wakers
    }

    /// Notifies all present waiters: the limit is off. The absent ones have been notified already.
    pub(super) fn notify_all(&mut self, now: Tick) -> Wakers {
        let mut wakers = Wakers::none();
        for waiter in self.present.values_mut() {
            wakers.push(waiter.notify(now, Some(now)));
        }
        wakers
    }

    /// Whether nobody waits, not even absent waiters.
    #[cfg(test)]
    pub(super) fn is_deserted(&self) -> bool {
        self.present.is_empty() && self.absent.is_empty()
    }
}
