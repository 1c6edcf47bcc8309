//! Entering the rate limit. In: attempts that want to start. Out: a turn, a place in the queue, or a refusal.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::arrival::{LATE, LATEST, WAITING, check, counts_from, due, is_due, wait, waited_for};
use super::limit::RateLimit;
use super::queue::{Queue, SIGHT};
use super::turn::Turn;
use super::waiter::{Asked, TurnWaiter};
use crate::clock::Tick;
use crate::policy::Pace;

/// What an attempt gets when it enters.
#[derive(Debug)]
pub(crate) enum Entry<'a> {
    /// A turn: it may start.
    Turn(Turn<'a>),
    /// A place in the queue: it has to wait.
    Queued(TurnWaiter<'a>),
}

impl RateLimit {
    /// Takes a turn if one is due and nobody waits.
    #[inline]
    pub(crate) fn free_turn(&self, pace: Pace, now: Tick) -> Option<Turn<'_>> {
        let mut word = self.word.load(Ordering::Relaxed);
        let now = now.0.min(LATEST);
        while word <= now + pace.ahead {
            let next = word.max(now) + pace.period;
            match self.swap(word, next) {
                Ok(()) => return Some(Turn::new(self, word, next)),
                Err(current) => word = current,
            }
        }
        None
    }

    /// Takes a turn that is due, or joins the queue if the turn will come early enough: within `max_wait` and before
    /// `deadline`. A turn at the deadline itself is of no use. The error is how long to wait before trying again makes
    /// sense, if nobody else comes meanwhile.
    #[inline]
    pub(crate) fn enter(&self, pace: Pace, now: Tick, deadline: Tick) -> Result<Entry<'_>, Duration> {
        match self.free_turn(pace, now) {
            Some(turn) => Ok(Entry::Turn(turn)),
            None => self.queue_up(pace, now, deadline),
        }
    }

    #[cold]
    fn queue_up(&self, pace: Pace, now: Tick, deadline: Tick) -> Result<Entry<'_>, Duration> {
        // A turn at the deadline itself is too late.
        let patience = pace.max_wait.min(deadline.nanos_since(now).saturating_sub(1));
        let word = self.word.load(Ordering::Relaxed);
        if word < WAITING {
            // Refused without the lock: under overload, this is the usual outcome.
            check(wait(word, pace, 0, now), patience)?;
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
                    break Ok(Entry::Turn(Turn::new(self, arrival, next)));
                }
            } else if let Err(later) = check(wait(arrival, pace, queue.len(), now), patience) {
                break Err(later);
            } else if self.swap(word, waited_for(arrival)).is_ok() {
                let until = now.plus(Duration::from_nanos(pace.max_wait)).min(deadline);
                break Ok(Entry::Queued(TurnWaiter::new(self, queue.join(now), until)));
            }
        };
        let woken = self.call_next(&mut queue, Some(now));
        drop(queue);
        woken.wake();
        entry
    }

    /// The answer to a waiter that is polled and counts as present.
    pub(super) fn answer(&self, queue: &Queue, number: u64, until: Tick, now: Tick) -> Asked<'_> {
        let (arrival, pace, rank) = (self.follow(queue), queue.pace, queue.rank(number));
        if rank == 0 && is_due(arrival, pace, now) {
            let next = arrival.max(counts_from(pace, now)) + pace.period;
            self.word.store(waited_for(next), Ordering::Relaxed);
            return Asked::Turn(Turn::new(self, arrival, next));
        }
        let again = queue.look_again(rank, due(arrival, pace), now);
        if now < until {
            return Asked::Again(again.min(until));
        }
        // Its turn is due, but those before it have yet to take theirs: its timer fired before their timers.
        let is_called = rank < SIGHT && wait(arrival, pace, rank.into(), now) == 0;
        if is_called && now < until.plus(LATE) {
            return Asked::Again(again.min(until.plus(LATE)));
        }
        let wait = wait(arrival, pace, queue.len().saturating_sub(1), now);
        Asked::GaveUp(Duration::from_nanos(wait.saturating_sub(pace.max_wait)))
    }
}
