//! In: what has been taken, given back, and set. Out: the word and the queue of one limit, in step with each other. How
//! attempts get their turns is in `entry`.
//!
//! The algorithm is GCRA, the leaky bucket of ATM networks (ITU-T I.371) that is one number: the *arrival time*, when the
//! next attempt would start if all were evenly spread. A turn is due when the arrival time is not further ahead of
//! now than the burst allows, and to take one moves it on by a period. An attempt that need not wait takes its turn
//! with one load and one compare-and-swap.
//!
//! Who has to wait reserves nothing: it stands in the [`Queue`], the first of which takes the next turn when that is
//! due. Were turns given in advance, whoever leaves early would take its turn along, and a crowd that comes and goes
//! would use up all of them without an attempt. Who leaves just leaves; the next is called.
//!
//! While somebody waits, the highest bit of the word is set, which to a newcomer is an arrival time centuries ahead: it
//! comes to the lock of the queue. The bit is set and cleared under that lock, and while it is set the word changes under
//! the lock only: a newcomer's compare-and-swap that began before the bit was set fails on it. So nobody overtakes who
//! waits, and who has the lock and sees the bit has the word to itself.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crossbeam_utils::CachePadded;

#[cfg(test)]
use super::arrival::is_due;
use super::arrival::{LATEST, WAITING, due, rescaled, waited_for};
use super::queue::Queue;
use crate::clock::Tick;
use crate::policy::{Pace, RateSettings};
use crate::wakers::{Wakers, discard};

/// The rate limit of one service: in any time `t`, at most `burst + per_second · t` attempts start. Above 100 a second,
/// those that have waited may be closer together by as much as they are late: `burst + per_second · (t + 2 ms)`.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    /// The arrival time, and whether somebody waits. It orders nothing but itself. On a line of its own: every attempt
    /// writes it.
    pub(super) word: CachePadded<AtomicU64>,
    queue: Mutex<Queue>,
}

impl RateLimit {
    /// Somebody who waits is gone.
    pub(super) fn leave(&self, number: u64) {
        let mut queue = self.queue();
        let left = queue.leave(number);
        let woken = self.call_next(&mut queue, None);
        drop(queue);
        // After the lock: what goes with a waker may be a task with a waiter of this very limit.
        discard(left);
        woken.wake();
    }

    /// Takes a turn back that was not used: all is as it was before, if no other was given since.
    pub(super) fn take_back(&self, before: u64, after: u64) {
        let swap =
            |from, to| self.word.compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if self.word.load(Ordering::Relaxed) & !WAITING != after || swap(after, before) {
            return;
        }
        // Somebody waits, for whom the turn comes earlier now.
        let mut queue = self.queue();
        let woken = if swap(after, before) || swap(waited_for(after), waited_for(before)) {
            self.call_next(&mut queue, None)
        } else {
            Wakers::none()
        };
        drop(queue);
        woken.wake();
    }

    /// Whether a new one would let no more through.
    pub(crate) fn is_idle(&self, now: Tick) -> bool {
        self.word.load(Ordering::Relaxed) <= now.0.min(LATEST)
    }

    /// Becomes as new. Nobody uses it meanwhile.
    pub(crate) fn forget(&self) {
        let mut queue = self.queue();
        self.word.store(0, Ordering::Relaxed);
        let woken = self.call_next(&mut queue, None);
        drop(queue);
        woken.wake();
    }

    /// Carries over what has been used, when settings are swapped; `None` is a limit that is off.
    ///
    /// Attempts that were let through ahead of time count for as many under the new settings: a reload, or any
    /// number of them, sets nobody free. So a much smaller burst starts with a pause. Who waits goes by the new
    /// settings as well, but for how long it may wait; when the limit is switched off, it waits no longer.
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
            return queue.call_all(now);
        };
        queue.pace = pace;
        if from != 0 && from != pace.period {
            let scale = |word| {
                let arrival = rescaled(word & !WAITING, from, pace.period, now);
                Some(if word < WAITING { arrival } else { waited_for(arrival) })
            };
            let _ = self.word.fetch_update(Ordering::Relaxed, Ordering::Relaxed, scale);
        }
        self.call_next(&mut queue, Some(now))
    }

    /// Whether a turn is due, whoever waits for it.
    #[cfg(test)]
    pub(super) fn is_due_at(&self, pace: Pace, now: Tick) -> bool {
        is_due(self.word.load(Ordering::Relaxed) & !WAITING, pace, now)
    }

    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        // No foreign code runs under it, so a poisoned one is whole.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After a change of the queue: has newcomers come to it or not, and calls who has to know.
    pub(super) fn call_next(&self, queue: &mut Queue, now: Option<Tick>) -> Wakers {
        let arrival = self.follow(queue);
        queue.call_next(due(arrival, queue.pace), now)
    }

    /// Says in the word whether somebody waits; gives back the arrival time.
    pub(super) fn follow(&self, queue: &Queue) -> u64 {
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
