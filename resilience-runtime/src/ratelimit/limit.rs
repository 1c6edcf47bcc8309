//! Holds the state of one rate limit: an atomic word and a queue, kept consistent with each other. In: slots taken and given back,
//! waiters that leave, and changed settings. Out: the arrival time, and the waiters to wake. How attempts get slots is in `entry`.
//!
//! The algorithm is GCRA, the leaky bucket of ATM networks (ITU-T I.371), whose state is one number: the *arrival
//! time*, at which the next attempt would start if all were evenly spread. A slot is due while the arrival time is not
//! further ahead of now than the burst allows; taking a slot moves it on by one period. An attempt that need not wait
//! takes its slot with one load and one compare-and-swap.
//!
//! A waiter reserves nothing: it stands in the [`Queue`], and the first in the queue takes the next slot when that is
//! due. If slots were given in advance, a waiter that leaves early would take its slot with it, and a crowd that comes
//! and goes would use up all slots without one attempt. A waiter that leaves just leaves, and the next one is notified.
//!
//! While anybody waits, the highest bit of the word is set. To a newcomer that is an arrival time centuries ahead, so
//! it goes to the lock of the queue. The bit is set and cleared under that lock, and while it is set the word changes
//! under the lock only: a newcomer's compare-and-swap that began before the bit was set fails on it. So nobody
//! overtakes a waiter, and the holder of the lock who sees the bit has the word to itself.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use resilience_settings::policy::RateSettings;

use crossbeam_utils::CachePadded;

#[cfg(test)]
use super::arrival::is_due;
use super::arrival::{LATEST, WAITING, due, rescaled, with_waiting_bit};
use super::queue::Queue;
use crate::clock::Tick;
use crate::policy::Pace;
use crate::sync::lock;
use crate::wakers::{Wakers, discard};

/// The rate limit of one service: in any time `t`, at most `burst + per_second · t` attempts start. Above 100 per
/// second, attempts that have waited may be closer together by as much as they are late:
/// `burst + per_second · (t + 2 ms)`.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    /// The arrival time, and whether anybody waits. It orders no other memory, hence relaxed accesses. It has a cache
    /// line of its own, as every attempt writes it.
    pub(super) word: CachePadded<AtomicU64>,
    queue: Mutex<Queue>,
}

impl RateLimit {
    /// Removes a waiter.
    pub(super) fn leave(&self, number: u64) {
        let mut queue = self.queue();
        let left = queue.leave(number);
        let woken = self.notify_next(&mut queue, None);
        drop(queue);
        // After the lock: dropping a waker may drop a task with a waiter of this very limit.
        discard(left);
        woken.wake();
    }

    /// Takes back an unused slot: restores the arrival time, unless another slot was given since.
    pub(super) fn return_slot(&self, before: u64, after: u64) {
        let swap =
            |from, to| self.word.compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if self.word.load(Ordering::Relaxed) & !WAITING != after || swap(after, before) {
            return;
        }
        // Attempts wait: their slots come earlier now.
        let mut queue = self.queue();
        let woken = if swap(after, before) || swap(with_waiting_bit(after), with_waiting_bit(before)) {
            self.notify_next(&mut queue, None)
        } else {
            Wakers::none()
        };
        drop(queue);
        woken.wake();
    }

    /// Whether the limit is in the state of a new one, so that a new one would admit no more.
    pub(crate) fn is_idle(&self, now: Tick) -> bool {
        self.word.load(Ordering::Relaxed) <= now.0.min(LATEST)
    }

    /// Resets the limit to the state of a new one. Nobody uses it meanwhile.
    pub(crate) fn forget(&self) {
        let mut queue = self.queue();
        self.word.store(0, Ordering::Relaxed);
        let woken = self.notify_next(&mut queue, None);
        drop(queue);
        woken.wake();
    }

    /// Carries over what has been used when settings are swapped; `None` means that the limit is off.
    ///
    /// Attempts that were admitted ahead of time count for as many under the new settings, so no number of reloads
    /// admits extra attempts; a much smaller burst starts with a pause. The new settings apply to waiters too, except
    /// for how long they may wait; when the limit is switched off, they are all notified.
    pub(crate) fn reshape(
        &self,
        old: Option<&RateSettings>,
        new: Option<&RateSettings>,
        now: Tick,
    ) -> Wakers {
        let mut queue = self.queue();
        let from = old.map_or(queue.period_before, |old| Pace::of(old).period);
        let Some(pace) = new.map(Pace::of) else {
            queue.period_before = from;
            return queue.notify_all(now);
        };
        queue.pace = pace;
        if from != 0 && from != pace.period {
            let scale = |word| {
                let arrival = rescaled(word & !WAITING, from, pace.period, now);
                Some(if word < WAITING { arrival } else { with_waiting_bit(arrival) })
            };
            let _ = self.word.fetch_update(Ordering::Relaxed, Ordering::Relaxed, scale);
        }
        self.notify_next(&mut queue, Some(now))
    }

    /// Whether a slot is due, regardless of waiters.
    #[cfg(test)]
    pub(super) fn is_due_at(&self, pace: Pace, now: Tick) -> bool {
        is_due(self.word.load(Ordering::Relaxed) & !WAITING, pace, now)
    }

    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        // No foreign code runs under the lock, so a poisoned one holds a consistent queue.
        lock(&self.queue)
    }

    /// After a change of the queue: updates the waiting bit, and returns the wakers of the waiters to notify.
    pub(super) fn notify_next(&self, queue: &mut Queue, now: Option<Tick>) -> Wakers {
        let arrival = self.sync_waiting_bit(queue);
        queue.notify_next(due(arrival, queue.pace), now)
    }

    /// Makes the waiting bit match the queue; returns the arrival time.
    pub(super) fn sync_waiting_bit(&self, queue: &Queue) -> u64 {
        let word = self.word.load(Ordering::Relaxed);
        let word = match (queue.is_empty(), word < WAITING) {
            (true, false) => self.word.fetch_and(!WAITING, Ordering::Relaxed),
            (false, true) => self.word.fetch_or(WAITING, Ordering::Relaxed),
            _ => word,
        };
        word & !WAITING
    }

    #[inline]
    pub(super) fn swap(&self, old: u64, new: u64) -> Result<(), u64> {
        self.word.compare_exchange_weak(old, new, Ordering::Relaxed, Ordering::Relaxed).map(drop)
    }
}
