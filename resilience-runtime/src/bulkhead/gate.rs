//! In: attempts that want to run, and attempts that ended. Out: a seat, a place in the queue, or neither.
//!
//! One word holds how many seats are taken and how many attempts wait. While nobody waits, taking a seat and
//! giving it back are one compare-and-swap each, on the word or, mostly, on the [`Pocket`] of the thread. Once
//! somebody waits, the word changes under the lock of the queue only and the pockets are empty, so that a newcomer
//! cannot slip in between a seat given back and the waiter it belongs to.
//!
//! While somebody waits, at least one seat is taken: a queue forms only at the limit, which is at least 1, and
//! who gives the last seat back hands it on. So there is always a holder who will wake the queue, also when a
//! reload comes in between and some caller still brings the settings from before.

use std::sync::PoisonError;
use std::task::Waker;
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::adaptive::Adaptive;
use super::pocket::Pocket;
use super::queue::{Ask, Queue, Standing};
use super::waiter::Waiter;
use super::word::{Shared, WAITING, taken, waiting};
use crate::clock::Tick;
use crate::policy::BulkheadSettings;
use crate::shard::Parts;
use crate::sync::atomic::Ordering;
use crate::sync::{Mutex, MutexGuard};
use crate::wakers::{Wakers, discard};

/// The seats of one service and the queue for them.
///
/// Attempts that start while the bulkhead is off take no seat and are not counted: switched on again, it knows
/// of those that have held a seat all along.
#[derive(Debug, Default)]
pub(crate) struct Bulkhead {
    pub(super) shared: CachePadded<Shared>,
    /// Made for the first waiter: most bulkheads, of a million partitions say, never have one.
    pub(super) queue: Mutex<Option<Box<Queue>>>,
    adaptive: Adaptive,
}

/// A seat that was taken, to be given back exactly once by [`Bulkhead::put_aside`], [`Bulkhead::give_back`] or
/// [`Bulkhead::hand_over`].
#[derive(Debug)]
#[must_use = "a seat that is not given back is lost"]
pub(crate) struct Seat(());

/// A seat, or a place in the queue for one.
#[derive(Debug)]
pub(crate) enum Entered<'a> {
    /// A seat that has come free since.
    Seated(Seat),
    /// A place in the queue.
    Waits(Waiter<'a>),
}

/// All seats are taken and so is the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Bulkhead {
    /// Takes a free seat, while nobody waits for one. `own` is the pocket of the thread among `all` of them.
    #[inline]
    pub(crate) fn try_acquire(
        &self,
        settings: &BulkheadSettings,
        own: &Pocket,
        all: &impl Parts<Pocket>,
    ) -> Option<Seat> {
        let limit = u64::from(self.limit(settings));
        let mut word = self.shared.word.load(Ordering::Relaxed);
        // A word above the limit is one with waiters, or with a surplus that has to run out.
        if word <= limit && own.take() {
            return Some(Seat(()));
        }
        while word < limit {
            match self.shared.swap(word, word + 1) {
                Ok(()) => return Some(Seat(())),
                Err(current) => word = current,
            }
        }
        self.fetch(settings, all)
    }

    /// Joins the queue, after a seat was not to be had; or takes one that has come free since.
    ///
    /// A full queue stays as it is: a more important newcomer displaces nobody, since who was told to wait has
    /// been made a promise. It is ahead of the less important ones from the moment it is in.
    pub(crate) fn enqueue(
        &self,
        ask: Ask,
        settings: &BulkheadSettings,
        all: &impl Parts<Pocket>,
    ) -> Result<Entered<'_>, Full> {
        if settings.adaptive {
            self.adaptive.expire(ask.now, settings);
        }
        let limit = self.limit(settings);
        let full = |word| taken(word) >= limit && waiting(word) >= settings.max_queue;
        // Turned away without the lock: this is what an overload mostly does.
        if full(self.shared.word.load(Ordering::Relaxed)) {
            return Err(Full);
        }
        let mut locked = self.queue();
        locked.get_or_insert_default().limit = limit;
        let mut woken = self.settle(&mut locked, 0, ask.now);
        let mut word = self.shared.word.load(Ordering::Relaxed);
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
            match self.shared.swap(word, next) {
                Ok(()) if next == word + 1 => break Ok(Entered::Seated(Seat(()))),
                Ok(()) => {
                    let id = locked.get_or_insert_default().insert(ask, settings.max_wait);
                    // Who comes later finds the pockets empty.
                    if waiting(word) == 0 {
                        self.empty_pockets(all);
                        woken.append(self.settle(&mut locked, 0, ask.now));
                    }
                    break Ok(Entered::Waits(Waiter::new(self, id)));
                }
                Err(current) => word = current,
            }
        };
        drop(locked);
        woken.wake();
        outcome
    }

    /// Gives a seat back that [cannot be put aside](Self::put_aside), while nobody waits. The error is the seat, for
    /// [`hand_over`](Self::hand_over): somebody may wait. It may have been taken by another thread.
    #[inline]
    pub(crate) fn give_back(&self, seat: Seat) -> Result<(), Seat> {
        let mut word = self.shared.word.load(Ordering::Relaxed);
        while word < WAITING {
            match self.shared.swap(word, word - 1) {
                Ok(()) => return Ok(()),
                Err(current) => word = current,
            }
        }
        Err(seat)
    }

    /// Gives a seat to whoever is next, after a body that took that long, if there was one. The settings are `None` when
    /// the bulkhead has been switched off since the seat was taken.
    #[cold]
    pub(crate) fn hand_over(
        &self,
        Seat(()): Seat,
        body: Option<Duration>,
        now: Tick,
        settings: Option<&BulkheadSettings>,
    ) {
        let mut locked = self.queue();
        if let Some(queue) = &mut *locked {
            queue.limit = self.limit_or_none(settings);
            if let Some(time) = body {
                queue.body_ended(time);
            }
        }
        let woken = self.settle(&mut locked, 1, now);
        drop(locked);
        woken.wake();
    }

    /// Lets the queue follow a change of settings at once; `None` is a bulkhead that is off.
    ///
    /// A higher limit seats waiters, and so does switching off, all of them. A lower one takes no seat away: the
    /// surplus runs out. A shorter queue turns nobody out who is in it.
    ///
    /// The pockets are emptied, whatever the new settings say of them: what comes to lie in one later, from callers
    /// with the settings from before, is found when the word is full.
    ///
    /// Gives back who is to be woken: the caller holds the lock of the configuration, which wakers must not find.
    pub(crate) fn reshape(
        &self,
        new: Option<&BulkheadSettings>,
        now: Tick,
        all: &impl Parts<Pocket>,
    ) -> Wakers {
        let mut locked = self.queue();
        if let Some(queue) = &mut *locked {
            queue.limit = self.limit_or_none(new);
        }
        self.empty_pockets(all);
        self.settle(&mut locked, 0, now)
    }

    /// Tells an adaptive limit how an attempt ended, before its seat is given back; does nothing for a fixed one.
    /// `ok` is false for what an overloaded service does: time out, turn away. Other failures say nothing about
    /// load and should not be told.
    #[inline]
    pub(crate) fn observe(&self, latency: Duration, ok: bool, now: Tick, settings: &BulkheadSettings) {
        if settings.adaptive {
            // With what is left in pockets from when the limit was fixed, which is nothing or next to it.
            self.adaptive.observe(latency, ok, self.counted(), now, settings);
        }
    }

    /// Becomes as new. Nobody holds a seat or waits for one.
    pub(crate) fn forget(&self, all: &impl Parts<Pocket>) {
        let mut locked = self.queue();
        self.empty_pockets(all);
        let queue = locked.take();
        drop(locked);
        drop(queue);
        self.adaptive.forget();
    }

    /// How many attempts may run at once now.
    #[inline]
    pub(crate) fn limit(&self, settings: &BulkheadSettings) -> u32 {
        if settings.adaptive { self.adaptive.limit(settings) } else { settings.max_concurrent.max(1) }
    }

    /// How many attempts wait.
    pub(crate) fn queue_depth(&self) -> u32 {
        waiting(self.shared.word.load(Ordering::Relaxed))
    }

    /// What has become of a waiter. One that waits on leaves its waker and gets the one before it.
    pub(super) fn ask(&self, id: u64, waker: &mut Option<Waker>, now: Tick, is_time_up: bool) -> Standing {
        let mut locked = self.queue();
        let (standing, before) = locked.get_or_insert_default().ask(id, waker, is_time_up);
        let woken = self.settle(&mut locked, 0, now);
        drop(locked);
        discard(before);
        woken.wake();
        standing
    }

    /// What a waiter that is gone leaves behind: its place in the queue, or the seat it had been given.
    pub(super) fn leave(&self, id: u64, now: Tick) {
        let mut locked = self.queue();
        let left = locked.as_mut().and_then(|queue| queue.leave(id));
        let had_seat = matches!(left, Some((Standing::Granted { .. }, _)));
        let woken = self.settle(&mut locked, had_seat.into(), now);
        drop(locked);
        // After the lock: what goes with a waker may be a task with a waiter of this very bulkhead.
        discard(left.and_then(|(_, waker)| waker));
        woken.wake();
    }

    /// Hands free seats on, after so many have come back, and has the word follow the queue. The caller holds the lock,
    /// and wakes them after it.
    pub(super) fn settle(&self, locked: &mut Option<Box<Queue>>, returned: u32, now: Tick) -> Wakers {
        let mut woken = Wakers::none();
        let word = self.shared.word.load(Ordering::Relaxed);
        match locked {
            // Nobody else writes the word while there are waiters, and they cannot leave without the lock.
            Some(queue) if waiting(word) > 0 => {
                let held = taken(word) - returned;
                let seats = queue.hand_out(queue.limit.saturating_sub(held), now, &mut woken);
                let next = WAITING * u64::from(queue.waiting()) + u64::from(held + seats);
                // In one step, or a newcomer could come in between. Not a store: what all holders before did is seen by
                // those after.
                self.shared.word.fetch_add(next.wrapping_sub(word), Ordering::AcqRel);
            }
            _ if returned > 0 => {
                self.shared.word.fetch_sub(returned.into(), Ordering::AcqRel);
            }
            _ => {}
        }
        woken
    }

    pub(super) fn queue(&self) -> MutexGuard<'_, Option<Box<Queue>>> {
        // No foreign code runs under it, so a poisoned one is whole.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn limit_or_none(&self, settings: Option<&BulkheadSettings>) -> u32 {
        settings.map_or(u32::MAX, |settings| self.limit(settings))
    }
}

impl Seat {
    /// The seat of a waiter that has been woken for it, or of a thread that had one aside.
    pub(crate) fn granted() -> Self {
        Self(())
    }
}
