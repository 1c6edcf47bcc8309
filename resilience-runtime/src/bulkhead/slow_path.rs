//! Hands permits to waiters, under the lock of the queue; who is next, `queue` decides. In: attempts that have to wait, waiters
//! that are polled or dropped, and permits for them. Out: permits in their hands, and wakers.
//!
//! The word follows the queue: each section under the lock ends with [`Bulkhead::settle`]. Foreign code never runs
//! under the lock: wakers are collected, and woken or dropped after it.

use crate::sync::atomic::Ordering;
use std::task::Waker;
use std::time::Duration;

use resilience_settings::policy::BulkheadSettings;

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
use crate::wakers::{Wakers, discard};

impl Bulkhead {
    /// Joins the queue, or acquires a permit that was released since the fast path failed.
    ///
    /// In a full queue, a newcomer displaces a waiter with a lower priority, which is refused: see
    /// [`Queue::make_room`]. Otherwise important calls would be refused while unimportant ones wait.
    pub(crate) fn enqueue(
        &self,
        request: PermitRequest,
        settings: &BulkheadSettings,
        all: &impl Parts<LocalPermits>,
    ) -> Result<Enqueued<'_>, QueueFull> {
        if settings.adaptive {
            self.adaptive.expire(request.now, settings);
        }
        let limit = self.limit(settings);
        let full = |word| taken(word) >= limit && waiting(word) >= settings.max_queue;
        // Refused without the lock: this is the usual outcome while the queue is full and makes no room.
        let may_have_room =
            settings.max_queue > 0 && self.shared.may_make_room(request.priority, request.now);
        if full(self.shared.word.load(Ordering::Relaxed)) && !may_have_room {
            return Err(QueueFull);
        }
        let mut locked = self.queue();
        locked.get_or_insert_default().limit = limit;
        let mut woken = self.settle(&mut locked, 0, request.now);
        let mut word = self.shared.word.load(Ordering::Relaxed);
        let outcome = loop {
            // A free permit means that nobody waits: otherwise it would have been granted.
            let next = if taken(word) < limit {
                word + 1
            } else if !full(word) {
                word + WAITING
            } else if settings.max_queue > 0 && locked.get_or_insert_default().make_room(request, &mut woken)
            {
                // One waiter leaves, one joins.
                break Ok(());
            } else {
                break Err(QueueFull);
            };
            // Fails only because of the fast path, which ends when the first waiter is visible.
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
            let id = locked.get_or_insert_default().insert(request, settings.max_wait);
            // Later waiters find no local permits.
            if waiting(word) == 0 {
                self.reclaim_local_permits(all);
            }
            woken.append(self.settle(&mut locked, 0, request.now));
            Enqueued::Queued(Waiter::new(self, id))
        });
        drop(locked);
        woken.wake();
        entered
    }

    /// Passes a permit to the next waiter. `body` is how long the body with the permit took, if one ran. The settings
    /// are `None` if the bulkhead has been switched off since the permit was acquired.
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

    /// Applies new settings to the queue at once; `None` means that the bulkhead is off.
    ///
    /// A higher limit grants permits to waiters, and switching off grants one to all of them. A lower limit revokes
    /// none: the surplus drains. A shorter queue removes no waiter.
    ///
    /// Local permits are reclaimed whatever the new settings are: those that callers with the old settings still add
    /// later are found when the word is full.
    ///
    /// Returns the waiters to wake: the caller holds the lock of the configuration, which foreign code must not run
    /// under.
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

    /// Answers a poll of a waiter, and stores its waker if it has to wait. Also offers permits again that others were
    /// woken for and did not take: there may be no other thread to do so.
    pub(super) fn poll_waiter(
        &self,
        id: u64,
        waker: &mut Option<Waker>,
        now: Tick,
        is_time_up: bool,
    ) -> WaiterAnswer {
        let mut locked = self.queue();
        locked.get_or_insert_default().looks(id, now);
        let mut woken = self.settle(&mut locked, 0, now);
        let (answer, before) = locked.get_or_insert_default().poll(id, waker, now, is_time_up);
        woken.append(self.settle(&mut locked, 0, now));
        drop(locked);
        discard(before);
        woken.wake();
        answer
    }

    /// Removes a waiter that was dropped, and passes on the permit that it was granted, if any.
    pub(super) fn leave(&self, id: u64, now: Tick) {
        let mut locked = self.queue();
        let (has_permit_left, waker) = locked.get_or_insert_default().leave(id);
        let woken = self.settle(&mut locked, has_permit_left.into(), now);
        drop(locked);
        // After the lock: dropping a waker may drop a task with a waiter of this very bulkhead.
        discard(waker);
        woken.wake();
    }

    /// Grants free permits, after `returned` of them were released, and makes the word match the queue. The caller
    /// holds the lock, and wakes the result after it.
    pub(super) fn settle(&self, locked: &mut Option<Box<Queue>>, returned: u32, now: Tick) -> Wakers {
        let mut woken = Wakers::none();
        let word = self.shared.word.load(Ordering::Relaxed);
        match locked {
            // Nobody else writes the word while there are waiters, and they cannot leave without the lock.
            Some(queue) if waiting(word) > 0 => {
                let held = taken(word) - returned;
                let permits = queue.grant(queue.limit.saturating_sub(held), now, &mut woken);
                let next = WAITING * u64::from(queue.waiting()) + u64::from(held + permits);
                // In one step, or a newcomer could slip in. Not a store: what all former holders did must be visible
                // to later ones.
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
