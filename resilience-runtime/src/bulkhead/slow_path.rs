//! In: attempts that have to wait, and permits for them. Out: who gets one, and who is woken. Apart from the gate because all
//! of it happens under the lock of the queue: the fast path never comes here.
//!
//! What the queue decides, the word shows: each section under the lock ends with [`Bulkhead::settle`]. Foreign code never
//! runs within one: wakers are collected, and woken or dropped after it.

use crate::sync::atomic::Ordering;
use std::task::Waker;
use std::time::Duration;

use super::answer::WaiterAnswer;
use super::bulkhead::Bulkhead;
use super::enqueued::{Enqueued, QueueFull};
use super::local_permits::LocalPermits;
use super::permit::BulkheadPermit;
use super::queue::Queue;
use super::request::PermitRequest;
use super::shared_state::{WAITING, taken, waiting};
use super::waiter::Waiter;
use crate::clock::Tick;
use crate::counting::shard::Parts;
use crate::policy::BulkheadSettings;
use crate::wakers::{Wakers, discard};

impl Bulkhead {
    /// Joins the queue, after a permit was not to be had; or takes one that has come free since.
    ///
    /// In a full queue a newcomer takes the place of somebody who matters less, who is turned away: see
    /// [`Queue::make_room`]. Otherwise the important ones are refused behind the others.
    pub(crate) fn enqueue(
        &self,
        ask: PermitRequest,
        settings: &BulkheadSettings,
        all: &impl Parts<LocalPermits>,
    ) -> Result<Enqueued<'_>, QueueFull> {
        if settings.adaptive {
            self.adaptive.expire(ask.now, settings);
        }
        let limit = self.limit(settings);
        let full = |word| taken(word) >= limit && waiting(word) >= settings.max_queue;
        // Turned away without the lock: this is what many do while a queue is full, and nobody has to make room.
        let may_have_room = settings.max_queue > 0 && self.shared.may_make_room(ask.priority, ask.now);
        if full(self.shared.word.load(Ordering::Relaxed)) && !may_have_room {
            return Err(QueueFull);
        }
        let mut locked = self.queue();
        locked.get_or_insert_default().limit = limit;
        let mut woken = self.settle(&mut locked, 0, ask.now);
        let mut word = self.shared.word.load(Ordering::Relaxed);
        let outcome = loop {
            // With a free permit nobody waits: they have been handed out.
            let next = if taken(word) < limit {
                word + 1
            } else if !full(word) {
                word + WAITING
            } else if settings.max_queue > 0 && locked.get_or_insert_default().make_room(ask, &mut woken) {
                // One goes, one comes.
                break Ok(());
            } else {
                break Err(QueueFull);
            };
            // Fails against the fast path only, and that ends when the first one waits.
            match self.shared.swap(word, next) {
                Ok(()) if next == word + 1 => {
                    drop(locked);
                    woken.wake();
                    return Ok(Enqueued::Acquired(BulkheadPermit::granted()));
                }
                Ok(()) => break Ok(()),
                Err(current) => word = current,
            }
        };
        let entered = outcome.map(|()| {
            let id = locked.get_or_insert_default().insert(ask, settings.max_wait);
            // Who comes later finds the pockets empty.
            if waiting(word) == 0 {
                self.reclaim_local_permits(all);
            }
            woken.append(self.settle(&mut locked, 0, ask.now));
            Enqueued::Queued(Waiter::new(self, id))
        });
        drop(locked);
        woken.wake();
        entered
    }

    /// Gives a permit to whoever is next, after a body that took that long, if there was one. The settings are `None` when
    /// the bulkhead has been switched off since the permit was taken.
    #[cold]
    pub(crate) fn release_to_queue(
        &self,
        _permit: BulkheadPermit,
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
    /// A higher limit permits waiters, and so does switching off, all of them. A lower one takes no permit away: the
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
        all: &impl Parts<LocalPermits>,
    ) -> Wakers {
        let mut locked = self.queue();
        if let Some(queue) = &mut *locked {
            queue.limit = self.limit_or_none(new);
        }
        self.reclaim_local_permits(all);
        self.settle(&mut locked, 0, now)
    }

    /// What a waiter is told, which leaves its waker if that is to wait. Sees to it that permits do not lie idle that others
    /// have been offered: nobody else may come by.
    pub(super) fn ask(
        &self,
        id: u64,
        waker: &mut Option<Waker>,
        now: Tick,
        is_time_up: bool,
    ) -> WaiterAnswer {
        let mut locked = self.queue();
        let mut woken = self.settle(&mut locked, 0, now);
        let (answer, before) = locked.get_or_insert_default().ask(id, waker, now, is_time_up);
        woken.append(self.settle(&mut locked, 0, now));
        drop(locked);
        discard(before);
        woken.wake();
        answer
    }

    /// What a waiter that is gone leaves behind: its place in the queue, or the permit it had been given.
    pub(super) fn leave(&self, id: u64, now: Tick) {
        let mut locked = self.queue();
        let (has_permit_left, waker) = locked.get_or_insert_default().leave(id);
        let woken = self.settle(&mut locked, has_permit_left.into(), now);
        drop(locked);
        // After the lock: what goes with a waker may be a task with a waiter of this very bulkhead.
        discard(waker);
        woken.wake();
    }

    /// Hands free permits on, after so many have come back, and has the word follow the queue. The caller holds the lock,
    /// and wakes them after it.
    pub(super) fn settle(&self, locked: &mut Option<Box<Queue>>, returned: u32, now: Tick) -> Wakers {
        let mut woken = Wakers::none();
        let word = self.shared.word.load(Ordering::Relaxed);
        match locked {
            // Nobody else writes the word while there are waiters, and they cannot leave without the lock.
            Some(queue) if waiting(word) > 0 => {
                let held = taken(word) - returned;
                let permits = queue.grant(queue.limit.saturating_sub(held), now, &mut woken);
                let next = WAITING * u64::from(queue.waiting()) + u64::from(held + permits);
                // In one step, or a newcomer could come in between. Not a store: what all holders before did is seen by
                // those after.
                self.shared.word.fetch_add(next.wrapping_sub(word), Ordering::AcqRel);
                self.shared.publish_room(queue.min_priority_with_room(), queue.next_expiry());
            }
            _ if returned > 0 => {
                self.shared.word.fetch_sub(returned.into(), Ordering::AcqRel);
            }
            _ => {}
        }
        woken
    }
}
