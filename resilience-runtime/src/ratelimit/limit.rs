//! In: attempts that want to start. Out: a turn, a place among those who wait for one, or neither.
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
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::queue::{Queue, SIGHT};
use super::turn::Turn;
use super::waiter::{Asked, TurnWaiter};
use crate::clock::{Tick, nanos};
use crate::policy::{Pace, RateSettings};
use crate::wakers::{Wakers, discard};

/// Somebody waits, in the word.
const WAITING: u64 = 1 << 63;
/// Any time beyond this (146 years) is taken for this: with what is ahead of it, it is below [`WAITING`].
const LATEST: u64 = 1 << 62;

/// How late a waiter is, mostly: the timers of tokio go off at full milliseconds, and a task takes a while to be polled.
const LATE: Duration = Duration::from_millis(2);
/// A turn that is taken late is lost to that extent, where the burst does not make up for it. That is little of a long
/// period, and most of a short one: with one of a millisecond, half of the turns would be lost. So in a period that is
/// shorter than this, a waiter that is late takes its turn as of when it was due.
const SHORT: u64 = 10_000_000;

/// The rate limit of one service: in any time `t`, at most `burst + per_second · t` attempts start. Above 100 a second,
/// those that have waited may be closer together by as much as they are late: `burst + per_second · (t + 2 ms)`.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    /// The arrival time, and whether somebody waits. It orders nothing but itself. On a line of its own: every attempt
    /// writes it.
    word: CachePadded<AtomicU64>,
    queue: Mutex<Queue>,
}

/// How an attempt gets on.
#[derive(Debug)]
pub(crate) enum Entry<'a> {
    /// It may start.
    Turn(Turn<'a>),
    /// It waits.
    Queued(TurnWaiter<'a>),
}

impl RateLimit {
    /// A turn that is due, while nobody waits for one.
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

    /// A turn that is due, or a place in the queue for one that will be early enough: after no more than `max_wait`, and
    /// before `deadline`. A turn at the deadline itself is of no use. The error is the time until asking again makes sense,
    /// if nobody else comes.
    #[inline]
    pub(crate) fn enter(&self, pace: Pace, now: Tick, deadline: Tick) -> Result<Entry<'_>, Duration> {
        match self.free_turn(pace, now) {
            Some(turn) => Ok(Entry::Turn(turn)),
            None => self.queue_up(pace, now, deadline),
        }
    }

    #[cold]
    fn queue_up(&self, pace: Pace, now: Tick, deadline: Tick) -> Result<Entry<'_>, Duration> {
        // A turn at the deadline itself is none.
        let patience = pace.max_wait.min(deadline.nanos_since(now).saturating_sub(1));
        let word = self.word.load(Ordering::Relaxed);
        if word < WAITING {
            // Turned away without the lock: this is what an overload mostly does.
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
            } else if self.swap(word, arrival | WAITING).is_ok() {
                let until = now.plus(Duration::from_nanos(pace.max_wait)).min(deadline);
                break Ok(Entry::Queued(TurnWaiter::new(self, queue.join(now), until)));
            }
        };
        let woken = self.call_next(&mut queue, Some(now));
        drop(queue);
        woken.wake();
        entry
    }

    /// What somebody hears who waits, and is not absent.
    pub(super) fn answer(&self, queue: &Queue, number: u64, until: Tick, now: Tick) -> Asked<'_> {
        let (arrival, pace, rank) = (self.follow(queue), queue.pace, queue.rank(number));
        if rank == 0 && is_due(arrival, pace, now) {
            let next = arrival.max(counts_from(pace, now)) + pace.period;
            self.word.store(next | WAITING, Ordering::Relaxed);
            return Asked::Turn(Turn::new(self, arrival, next));
        }
        let again = queue.look_again(rank, due(arrival, pace), now);
        if now < until {
            return Asked::Again(again.min(until));
        }
        // Its turn is there, and those before it are about to take theirs: its timer went off before theirs.
        let is_called = rank < SIGHT && wait(arrival, pace, rank.into(), now) == 0;
        if is_called && now < until.plus(LATE) {
            return Asked::Again(again.min(until.plus(LATE)));
        }
        let wait = wait(arrival, pace, queue.len().saturating_sub(1), now);
        Asked::GaveUp(Duration::from_nanos(wait.saturating_sub(pace.max_wait)))
    }

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
        let woken = if swap(after, before) || swap(after | WAITING, before | WAITING) {
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
            let scale = |word| Some(rescaled(word & !WAITING, from, pace.period, now) | word & WAITING);
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
    fn follow(&self, queue: &Queue) -> u64 {
        let word = self.word.load(Ordering::Relaxed);
        let word = match (queue.is_empty(), word < WAITING) {
            (true, false) => self.word.fetch_and(!WAITING, Ordering::Relaxed),
            (false, true) => self.word.fetch_or(WAITING, Ordering::Relaxed),
            _ => word,
        };
        word & !WAITING
    }

    #[inline]
    fn swap(&self, old: u64, new: u64) -> Result<(), u64> {
        self.word.compare_exchange_weak(old, new, Ordering::Relaxed, Ordering::Relaxed).map(drop)
    }
}

/// When a turn is due.
fn due(arrival: u64, pace: Pace) -> Tick {
    Tick(arrival.saturating_sub(pace.ahead))
}

fn is_due(arrival: u64, pace: Pace, now: Tick) -> bool {
    due(arrival, pace).0 <= now.0.min(LATEST)
}

/// As of when a waiter takes its turn that has been due for long.
fn counts_from(pace: Pace, now: Tick) -> u64 {
    let late = if pace.period < SHORT { nanos(LATE) } else { 0 };
    now.0.min(LATEST).saturating_sub(late)
}

/// How long it takes until the turn of somebody who has so many before it, if all of them take theirs.
fn wait(arrival: u64, pace: Pace, before: u64, now: Tick) -> u64 {
    let arrival = arrival.max(counts_from(pace, now)).saturating_add(before.saturating_mul(pace.period));
    due(arrival, pace).nanos_since(now)
}

/// Whether somebody may wait for that long who has so much patience; the error is by how much it is too long.
fn check(wait: u64, patience: u64) -> Result<(), Duration> {
    if wait <= patience && patience > 0 {
        return Ok(());
    }
    Err(Duration::from_nanos(wait.saturating_sub(patience).max(1)))
}

/// The arrival time of as many attempts in another period.
fn rescaled(arrival: u64, from: u64, to: u64, now: Tick) -> u64 {
    let now = now.0.min(LATEST);
    let backlog = u128::from(arrival.saturating_sub(now));
    let scaled = (backlog * u128::from(to)).div_ceil(u128::from(from));
    now + u64::try_from(scaled).unwrap_or(Pace::LONGEST).min(Pace::LONGEST)
}
