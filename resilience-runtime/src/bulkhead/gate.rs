//! In: attempts that want to run, and attempts that ended. Out: a seat, a place in the queue, or neither.
//!
//! One word holds how many seats are taken and how many attempts wait. While nobody waits, taking a seat and
//! giving it back are one compare-and-swap each. Once somebody waits, the word changes under the lock of the
//! queue only, so that a newcomer cannot slip in between a seat given back and the waiter it belongs to.
//!
//! While somebody waits, at least one seat is taken: a queue forms only at the limit, which is at least 1, and
//! who gives the last seat back hands it on. So there is always a holder who will wake the queue, also when a
//! reload comes in between and some caller still brings the settings from before.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::adaptive::Adaptive;
use super::queue::Queue;
use super::waiter::Waiter;
use crate::clock::Tick;
use crate::policy::BulkheadSettings;
use crate::priority::Priority;

/// One more in the queue, in the word.
const WAITING: u64 = 1 << 32;

/// The seats of one service and the queue for them.
///
/// Attempts that start while the bulkhead is off take no seat and are not counted: switched on again, it knows
/// of those that have held a seat all along.
#[derive(Debug, Default)]
pub(crate) struct Bulkhead {
    /// `waiting << 32 | taken`, on a line of its own: every attempt writes it twice.
    word: CachePadded<AtomicU64>,
    pub(super) queue: Mutex<Queue>,
    adaptive: Adaptive,
}

/// A seat that was taken, to be given back exactly once by [`Bulkhead::release`].
#[derive(Debug)]
#[must_use = "a seat that is not given back is lost"]
pub(crate) struct Seat(());

/// All seats are taken and so is the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Bulkhead {
    /// Takes a free seat, while nobody waits for one.
    #[inline]
    pub(crate) fn try_acquire(&self, settings: &BulkheadSettings) -> Option<Seat> {
        let limit = u64::from(self.limit(settings));
        let mut word = self.word.load(Ordering::Relaxed);
        // A word that is at least the limit is one with all seats taken or one with waiters.
        while word < limit {
            match self.swap(word, word + 1) {
                Ok(()) => return Some(Seat(())),
                Err(current) => word = current,
            }
        }
        None
    }

    /// Joins the queue, after a seat was not to be had; or takes one that has come free since.
    ///
    /// A full queue stays as it is: a more important newcomer displaces nobody, since who was told to wait has
    /// been made a promise. It is ahead of the less important ones from the moment it is in.
    pub(crate) fn enqueue(
        &self,
        priority: Priority,
        now: Tick,
        settings: &BulkheadSettings,
    ) -> Result<Waiter<'_>, Full> {
        if settings.adaptive {
            self.adaptive.expire(now, settings);
        }
        let limit = self.limit(settings);
        let full = |word| taken(word) >= limit && waiting(word) >= settings.max_queue;
        // Turned away without the lock: this is what an overload mostly does.
        if full(self.word.load(Ordering::Relaxed)) {
            return Err(Full);
        }
        let mut queue = self.queue();
        queue.limit = limit;
        let woken = self.hand_out(&mut queue);
        let key = queue.key(priority, now);
        let mut word = self.word.load(Ordering::Relaxed);
        let outcome = loop {
            // With a free seat nobody waits: they have been handed out.
            let next = if taken(word) < limit {
                word + 1
            } else if full(word) {
                break Err(Full);
            } else {
                word + WAITING
            };
            // Fails against the fast path only, and that ends when the first one waits.
            match self.swap(word, next) {
                Ok(()) => {
                    if next != word + 1 {
                        queue.insert(key);
                    }
                    break Ok(Waiter::new(self, key));
                }
                Err(current) => word = current,
            }
        };
        drop(queue);
        wake(woken);
        outcome
    }

    /// Gives a seat back, to the first in the queue if there is one. `None` when the bulkhead has been switched
    /// off since it was taken.
    #[inline]
    pub(crate) fn release(&self, Seat(()): Seat, settings: Option<&BulkheadSettings>) {
        let mut word = self.word.load(Ordering::Relaxed);
        while word < WAITING {
            match self.swap(word, word - 1) {
                Ok(()) => return,
                Err(current) => word = current,
            }
        }
        self.hand_over(settings);
    }

    #[cold]
    fn hand_over(&self, settings: Option<&BulkheadSettings>) {
        let mut queue = self.queue();
        queue.limit = self.limit_or_none(settings);
        self.word.fetch_sub(1, Ordering::AcqRel);
        let woken = self.hand_out(&mut queue);
        drop(queue);
        wake(woken);
    }

    /// Lets the queue follow a change of settings at once; `None` is a bulkhead that is off.
    ///
    /// A higher limit seats waiters, and so does switching off, all of them. A lower one takes no seat away: the
    /// surplus runs out. A shorter queue turns nobody out who is in it.
    pub(crate) fn reshape(&self, new: Option<&BulkheadSettings>) {
        let mut queue = self.queue();
        queue.limit = self.limit_or_none(new);
        let woken = self.hand_out(&mut queue);
        drop(queue);
        wake(woken);
    }

    /// Tells an adaptive limit how an attempt ended, before its seat is given back; does nothing for a fixed one.
    /// `ok` is false for what an overloaded service does: time out, turn away. Other failures say nothing about
    /// load and should not be told.
    #[inline]
    pub(crate) fn observe(&self, latency: Duration, ok: bool, now: Tick, settings: &BulkheadSettings) {
        if settings.adaptive {
            self.adaptive.observe(latency, ok, self.in_flight(), now, settings);
        }
    }

    /// Becomes as new. Nobody holds a seat or waits for one.
    pub(crate) fn forget(&self) {
        self.adaptive.forget();
    }

    /// How many attempts may run at once now.
    #[inline]
    pub(crate) fn limit(&self, settings: &BulkheadSettings) -> u32 {
        if settings.adaptive { self.adaptive.limit(settings) } else { settings.max_concurrent.max(1) }
    }

    /// How many seats are taken.
    #[inline]
    pub(crate) fn in_flight(&self) -> u32 {
        taken(self.word.load(Ordering::Relaxed))
    }

    /// How many attempts wait.
    pub(crate) fn queue_depth(&self) -> u32 {
        waiting(self.word.load(Ordering::Relaxed))
    }

    /// What a waiter that is gone leaves behind: its place in the queue, or the seat it had been given.
    pub(super) fn leave(&self, key: (u64, u64)) {
        let mut queue = self.queue();
        let mut woken = Vec::new();
        let left = queue.remove(key);
        if left.is_some() {
            self.word.fetch_sub(WAITING, Ordering::AcqRel);
        } else {
            self.word.fetch_sub(1, Ordering::AcqRel);
            woken = self.hand_out(&mut queue);
        }
        drop(queue);
        // After the lock: what goes with a waker may be a task with a waiter of this very bulkhead.
        drop(left);
        wake(woken);
    }

    /// Seats waiters while there are seats; the caller holds the lock, and wakes them after it.
    #[must_use]
    fn hand_out(&self, queue: &mut Queue) -> Vec<Waker> {
        let mut woken = Vec::new();
        // Nobody else writes the word while there are waiters, and they cannot leave without the lock.
        while taken(self.word.load(Ordering::Relaxed)) < queue.limit {
            let Some(waker) = queue.pop() else { break };
            self.word.fetch_sub(WAITING - 1, Ordering::AcqRel);
            woken.extend(waker);
        }
        woken
    }

    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        // No foreign code runs under it, so a poisoned one is whole.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn limit_or_none(&self, settings: Option<&BulkheadSettings>) -> u32 {
        settings.map_or(u32::MAX, |settings| self.limit(settings))
    }

    /// Release and acquire: what the last holder of a seat did is seen by the next.
    #[inline]
    fn swap(&self, old: u64, new: u64) -> Result<(), u64> {
        self.word.compare_exchange_weak(old, new, Ordering::AcqRel, Ordering::Relaxed).map(drop)
    }
}

impl Seat {
    /// The seat of a waiter that has been woken for it.
    pub(super) fn granted() -> Self {
        Self(())
    }
}

fn wake(woken: Vec<Waker>) {
    for waker in woken {
        waker.wake();
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half")]
fn taken(word: u64) -> u32 {
    word as u32
}

#[inline]
fn waiting(word: u64) -> u32 {
    (word >> 32) as u32
}
