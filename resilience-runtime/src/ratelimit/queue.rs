//! The queue of a rate limit. In: waiters that come, are polled and leave. Out: which of them is next, and which to
//! wake. It is a file of its own because the order is a rule of its own, without atomics.
//!
//! Only the first waiter takes a turn. But a waiter is a future, and a future may be alive without being polled: its
//! task is slow, or polls another branch. So each place records by when its owner will have been called, by its own
//! timer or by a waiter that leaves. A first waiter that has not been polled within [`ANSWER`] of that time is
//! *absent*, and the next waiter becomes the first. An absent waiter keeps its place: when it is polled at last, it is
//! ahead of all who came later. Absence follows from the time alone, so no waiter has to be marked as stuck and cleared
//! again.
//!
//! The next waiter needs a timer to find out. The second's timer fires when the first would become absent, the third's
//! when the second would, and so on for [`SIGHT`] places; waiters further back look as often as the last of these. Each
//! timer leaves time for the waiters before it, so while all are polled in time, nearly none of these timers fire:
//! waiters are called when they become first and second.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

use crate::clock::Tick;
use crate::policy::Pace;
use crate::wakers::Wakers;

/// How long a waiter that was called may take to be polled before the next one is called as well: long for a task that
/// is scheduled, even on a busy machine, and short for a waiter behind one that is stuck.
pub(super) const ANSWER: Duration = Duration::from_millis(100);

/// How many of the places ahead a waiter allows for: after at most this many times [`ANSWER`], each waiter looks
/// whether it is first.
pub(super) const SIGHT: u32 = 10;

/// The waiters, in order of arrival.
#[derive(Debug, Default)]
pub(super) struct Queue {
    present: BTreeMap<u64, Place>,
    /// Waiters that were called and have not been polled since.
    absent: BTreeMap<u64, Place>,
    /// How many waiters have ever come; the number of the last one.
    came: u64,
    /// The pace of the latest caller. A waiter that is dropped uses it, as it has no settings.
    pub(super) pace: Pace,
    /// While the limit is off: the former period, in which the turns used are counted.
    pub(super) period_before: u64,
}

#[derive(Debug)]
struct Place {
    /// `None` when its owner was called, or has not been polled yet.
    waker: Option<Waker>,
    /// By when its owner will have been called; `None` if it was called just now, by a waiter that was dropped and
    /// knows no time.
    called: Option<Tick>,
}

impl Place {
    /// Calls the owner, unless it has been called or its own timer fires early enough. It is called once: to
    /// call an unresponsive waiter again would only restart the wait for it.
    fn call(&mut self, early_enough: Tick, now: Option<Tick>) -> Option<Waker> {
        if self.called.is_none_or(|called| called <= early_enough) {
            return None;
        }
        let waker = self.waker.take()?;
        self.called = now;
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
        self.present.insert(self.came, Place { waker: None, called: Some(now) });
        self.came
    }

    /// Marks a waiter as polled, hence present.
    pub(super) fn come(&mut self, number: u64, now: Tick) {
        if let Some(place) = self.absent.remove(&number) {
            self.present.insert(number, place);
        }
        if let Some(place) = self.present.get_mut(&number) {
            place.called = Some(now);
        }
    }

    /// How many present waiters are ahead of it, at most [`SIGHT`].
    pub(super) fn rank(&self, number: u64) -> u32 {
        (0..SIGHT)
            .zip(self.present.keys())
            .find(|(_, other)| **other == number)
            .map_or(SIGHT, |(rank, _)| rank)
    }

    /// Moves waiters that would be first but did not respond in time to the absent ones.
    pub(super) fn pass_over_absent(&mut self, now: Tick) {
        while let Some(mut first) = self.present.first_entry() {
            let called = *first.get_mut().called.get_or_insert(now);
            if now < called.plus(ANSWER) {
                return;
            }
            let (number, place) = first.remove_entry();
            self.absent.insert(number, place);
        }
    }

    /// When a waiter that is polled now has to look again at the latest: the first one when its turn is due, the others
    /// when all before them could be absent.
    pub(super) fn look_again(&self, rank: u32, due: Tick, now: Tick) -> Tick {
        if rank == 0 {
            return due;
        }
        let first = self.present.values().next().and_then(|place| place.called);
        first.unwrap_or(now).plus(ANSWER * rank)
    }

    /// Stores the waker of a waiter and when its timer fires. Returns the former waker.
    pub(super) fn wait(&mut self, number: u64, waker: Option<Waker>, until: Tick) -> Option<Waker> {
        let place = self.present.get_mut(&number)?;
        place.called = Some(until);
        std::mem::replace(&mut place.waker, waker)
    }

    /// Removes a waiter. Returns its waker.
    pub(super) fn leave(&mut self, number: u64) -> Option<Waker> {
        let place = self.present.remove(&number).or_else(|| self.absent.remove(&number))?;
        place.waker
    }

    /// Calls the first two waiters, unless they will look in time anyway: the first if its timer would fire after its
    /// turn is due, the second if its timer would fire after the first becomes absent. `now` is `None` when a waiter is
    /// dropped.
    pub(super) fn call_next(&mut self, due: Tick, now: Option<Tick>) -> Wakers {
        let mut wakers = Wakers::none();
        let mut places = self.present.values_mut();
        if let Some(first) = places.next() {
            wakers.push(first.call(due, now));
            let absent_from = first.called.map_or(Tick(0), |called| called.plus(ANSWER));
            wakers.push(places.next().and_then(|second| second.call(absent_from, now)));
        }
        wakers
    }

    /// Calls all present waiters: the limit is off. The absent ones have been called already.
    pub(super) fn call_all(&mut self, now: Tick) -> Wakers {
        let mut wakers = Wakers::none();
        for place in self.present.values_mut() {
            wakers.push(place.call(now, Some(now)));
        }
        wakers
    }

    /// Whether nobody waits, not even absent waiters.
    #[cfg(test)]
    pub(super) fn is_deserted(&self) -> bool {
        self.present.is_empty() && self.absent.is_empty()
    }
}
