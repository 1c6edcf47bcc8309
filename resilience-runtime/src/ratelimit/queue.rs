//! In: waiters as they come, are called and are polled. Out: who is next, and who is called for that. Apart from the limit
//! because the order is a rule of its own, with no atomics in it.
//!
//! Only the first waits for a turn. But what waits is a future, and a future may be alive and yet not be polled: its
//! task is slow, or polls another branch. So each place knows by when its owner will have been called, by its own timer or
//! by somebody who leaves; who is first and has not come within [`ANSWER`] of that is *absent*, and the next is
//! first. Who is absent keeps its place: polled at last, it is ahead of all who came later. Nobody is asked to
//! hurry in vain, so nobody has to be marked as hung and cleared of it.
//!
//! That the next finds out takes a timer of its own. The second's goes off when the first would become absent, the
//! third's when the second would, and so on up to [`SIGHT`] places; whoever is further back looks as often as the last
//! of these. Each leaves room for those before it, so while all are polled in time, nearly none of these goes off: the
//! first two are called when they become first and second.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

use crate::clock::Tick;
use crate::policy::Pace;
use crate::wakers::Wakers;

/// How long somebody who was called may take to come before the next is called as well: long for a task that is
/// scheduled, even on a busy machine, and short for whoever waits behind one that is not.
pub(super) const ANSWER: Duration = Duration::from_millis(100);

/// How many of those before it a waiter leaves room for: nobody waits for longer than this many times [`ANSWER`] before it
/// looks who is first.
pub(super) const SIGHT: u32 = 10;

/// Who waits, in order of coming.
#[derive(Debug, Default)]
pub(super) struct Queue {
    present: BTreeMap<u64, Place>,
    /// Those that were called and have not come.
    absent: BTreeMap<u64, Place>,
    /// How many have ever come.
    came: u64,
    /// That of the latest caller, for a waiter that is dropped: it has no settings.
    pub(super) pace: Pace,
    /// While the limit is off: how far apart attempts were. Used turns are counted in these.
    pub(super) period_before: u64,
}

#[derive(Debug)]
struct Place {
    /// `None` when it was called, or has not been polled yet.
    waker: Option<Waker>,
    /// By when its task has been called; `None` when that was just now, by somebody who knows no time.
    called: Option<Tick>,
}

impl Place {
    /// Calls its owner, unless that was done already or its timer goes off early enough by itself. Once: to call one
    /// again that does not come would be to wait for it anew.
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
    /// Whether nobody waits who is not absent.
    pub(super) fn is_empty(&self) -> bool {
        self.present.is_empty()
    }

    /// How many wait who are not absent.
    pub(super) fn len(&self) -> u64 {
        self.present.len() as u64
    }

    /// Lets somebody in who will be polled at once.
    pub(super) fn join(&mut self, now: Tick) -> u64 {
        self.came += 1;
        self.present.insert(self.came, Place { waker: None, called: Some(now) });
        self.came
    }

    /// Somebody is polled, and so is not absent.
    pub(super) fn come(&mut self, number: u64, now: Tick) {
        if let Some(place) = self.absent.remove(&number) {
            self.present.insert(number, place);
        }
        if let Some(place) = self.present.get_mut(&number) {
            place.called = Some(now);
        }
    }

    /// How many wait before it, if that are fewer than [`SIGHT`].
    pub(super) fn rank(&self, number: u64) -> u32 {
        (0..SIGHT)
            .zip(self.present.keys())
            .find(|(_, other)| **other == number)
            .map_or(SIGHT, |(rank, _)| rank)
    }

    /// Finds out who is absent of those that would be next.
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

    /// When somebody who is polled now has to look again at the latest: the first when its turn is due, the others when
    /// all before it might be absent.
    pub(super) fn look_again(&self, rank: u32, due: Tick, now: Tick) -> Tick {
        if rank == 0 {
            return due;
        }
        let first = self.present.values().next().and_then(|place| place.called);
        first.unwrap_or(now).plus(ANSWER * rank)
    }

    /// Somebody waits on: leaves the waker to call it by, and when its timer goes off. Gives back the waker before.
    pub(super) fn wait(&mut self, number: u64, waker: Option<Waker>, until: Tick) -> Option<Waker> {
        let place = self.present.get_mut(&number)?;
        place.called = Some(until);
        std::mem::replace(&mut place.waker, waker)
    }

    /// Somebody waits no longer. Gives back its waker.
    pub(super) fn leave(&mut self, number: u64) -> Option<Waker> {
        let place = self.present.remove(&number).or_else(|| self.absent.remove(&number))?;
        place.waker
    }

    /// Calls the first two, if they know nothing of it yet: the first when its timer would go off later than the next turn
    /// is due, the second when it would later than the first becomes absent. `now` is `None` for somebody who is dropped.
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

    /// Calls all who wait: there is no limit any more. Those that are absent have been called.
    pub(super) fn call_all(&mut self, now: Tick) -> Wakers {
        let mut wakers = Wakers::none();
        for place in self.present.values_mut() {
            wakers.push(place.call(now, Some(now)));
        }
        wakers
    }

    /// Whether nobody waits at all.
    #[cfg(test)]
    pub(super) fn is_deserted(&self) -> bool {
        self.present.is_empty() && self.absent.is_empty()
    }
}
