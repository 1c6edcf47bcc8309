//! Decides whether an attempt starts now, waits for its slot under the rate limit, or is refused. In: attempts that want to start.
//! Out: a slot, a place in the queue, or a refusal.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::arrival::{LATE, LATEST, WAITING, check, due, effective_time, is_due, wait, with_waiting_bit};
use super::limit::RateLimit;
use super::queue::{LOOKAHEAD, Queue};
use super::rate_slot::RateSlot;
use super::waiter::{SlotAnswer, SlotWaiter};
use crate::clock::Tick;
use crate::policy::Pace;

/// What an attempt gets when it enters.
#[derive(Debug)]
pub(crate) enum Entry<'a> {
    /// A slot: it may start.
    Slot(RateSlot<'a>),
    /// A place in the queue: it has to wait.
    Queued(SlotWaiter<'a>),
}

impl RateLimit {
    /// Takes a slot if one is due and nobody waits.
    #[inline]
    pub(crate) fn try_acquire(&self, pace: Pace, now: Tick) -> Option<RateSlot<'_>> {
        let mut word = self.word.load(Ordering::Relaxed);
        let now = now.0.min(LATEST);
        while word <= now + pace.ahead {
            let next = word.max(now) + pace.period;
            match self.swap(word, next) {
                Ok(()) => return Some(RateSlot::new(self, word, next)),
                Err(current) => word = current,
            }
        }
        None
    }

    /// Takes a slot that is due, or joins the queue if the slot will come early enough: within `max_wait` and before
    /// `deadline`. A slot at the deadline itself is of no use. The error is how long to wait before trying again makes
    /// sense, if nobody else comes meanwhile.
    #[inline]
    pub(crate) fn enter(&self, pace: Pace, now: Tick, deadline: Tick) -> Result<Entry<'_>, Duration> {
        match self.try_acquire(pace, now) {
            Some(slot) => Ok(Entry::Slot(slot)),
            None => self.queue_up(pace, now, deadline),
        }
    }

    #[cold]
    fn queue_up(&self, pace: Pace, now: Tick, deadline: Tick) -> Result<Entry<'_>, Duration> {
        // A slot at the deadline itself is too late.
        let time_left = pace.max_wait.min(deadline.nanos_since(now).saturating_sub(1));
        let word = self.word.load(Ordering::Relaxed);
        if word < WAITING {
            // Refused without the lock: under overload, this is the usual outcome.
            check(wait(word, pace, 0, now), time_left)?;
        }
        let mut queue = self.queue();
        queue.pace = pace;
        queue.pass_over_absent(now);
        let entry = loop {
            let word = self.word.load(Ordering::Relaxed);
            let arrival = word & !WAITING;
            if queue.is_empty() && is_due(arrival, pace, now) {
                let next = arrival.max(now.0.min(LATEST)) + pace.period;
                if self.swap(word, next).is_ok() {
                    break Ok(Entry::Slot(RateSlot::new(self, arrival, next)));
                }
            } else if let Err(later) = check(wait(arrival, pace, queue.len(), now), time_left) {
                break Err(later);
            } else if self.swap(word, with_waiting_bit(arrival)).is_ok() {
                let until = now.plus(Duration::from_nanos(pace.max_wait)).min(deadline);
                break Ok(Entry::Queued(SlotWaiter::new(self, queue.join(now), until)));
            }
        };
        let woken = self.notify_next(&mut queue, Some(now));
        drop(queue);
        woken.wake();
        entry
    }

    /// The answer to a waiter that is polled and counts as present.
    pub(super) fn answer(&self, queue: &Queue, number: u64, until: Tick, now: Tick) -> SlotAnswer<'_> {
        let (arrival, pace, rank) = (self.sync_waiting_bit(queue), queue.pace, queue.rank(number));
        if rank == 0 && is_due(arrival, pace, now) {
            let next = arrival.max(effective_time(pace, now)) + pace.period;
            self.word.store(with_waiting_bit(next), Ordering::Relaxed);
            return SlotAnswer::Slot(RateSlot::new(self, arrival, next));
        }
        let again = queue.next_check(rank, due(arrival, pace), now);
        if now < until {
            return SlotAnswer::AskAt(again.min(until));
        }
        // Its slot is due, but waiters ahead of it have yet to take theirs: its timer fired before theirs.
        let is_notified = rank < LOOKAHEAD && wait(arrival, pace, rank.into(), now) == 0;
        if is_notified && now < until.plus(LATE) {
            return SlotAnswer::AskAt(again.min(until.plus(LATE)));
        }
        let wait = wait(arrival, pace, queue.len().saturating_sub(1), now);
        SlotAnswer::GaveUp(Duration::from_nanos(wait.saturating_sub(pace.max_wait)))
    }
}
