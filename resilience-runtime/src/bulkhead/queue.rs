//! In: waiters, seats to hand on, and how long bodies took. Out: who gets a seat, who is turned away, who is to be woken.
//! Apart from the gate because these are rules, with no atomics in them.
//!
//! **Nobody is lost** in a queue that is short enough: then it is first in, first out, higher priorities first, and
//! waiting makes up for priority. Under lasting overload that order is the worst there is: everybody waits until there is
//! nearly no time left, gets a seat, and is cut off. Two rules without a time constant see to it that seats go to those
//! who can still use them.
//!
//! *Doomed*: when a seat is handed on, a waiter whose call has no more time left than the median of the last bodies is
//! passed over and turned away. Half of those at the border would have made it, and the others, who come after, mostly do.
//! Never is a seat left idle for it: if all are doomed, the one with most time left goes in, and a call that finds a seat
//! free is not even asked. `Critical` calls are given up for one another only: what must get through while anything does
//! is not turned away on an estimate for the sake of something that came later and matters less.
//!
//! *Newest first after a loss*: the first waiter that is lost to time, be it doomed or at the end of its wait, turns the
//! order within a priority to newest call first, and priority is strict, until nobody waits. Who came last has most time
//! left, so that few are doomed, and those who are served hardly wait. The model is adaptive LIFO (Maurer, "Fail at
//! Scale", 2015), which takes a queue that has not been empty for so long for overload. Any such time is wrong for some
//! service: at a load of 0.8, the 5 ms of CoDel turn away an eighth of the calls to a healthy service of slow bodies. A
//! loss needs no measure.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

use super::bodies::Bodies;
use super::line::{Levels, Line, Place};
use crate::clock::Tick;
use crate::priority::Priority;
use crate::wakers::Wakers;

/// Who asks for a seat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask {
    pub(crate) priority: Priority,
    pub(crate) now: Tick,
    /// When its call began.
    pub(crate) call: Tick,
    /// When its call has to be done.
    pub(crate) deadline: Tick,
}

/// Why a waiter gets no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Bodies take longer than its call has time left.
    WouldMissDeadline,
    /// Its wait, or its call, has come to its end.
    TimeUp,
}

/// Where a waiter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// In the line.
    Waiting,
    /// A seat is there for it; `in_turn` says that it was first come, first served.
    Granted { in_turn: bool },
    /// It has been turned away.
    Refused(Refused),
}

#[derive(Debug)]
struct Entry {
    place: Place,
    waker: Option<Waker>,
    standing: Standing,
}

/// Who waits for the seats of a bulkhead, until they have asked what has become of it.
#[derive(Debug, Default)]
pub(super) struct Queue {
    entries: BTreeMap<u64, Entry>,
    line: Line,
    bodies: Bodies,
    /// How many have ever come, to keep the order of those of one moment.
    came: u64,
    /// The latest time seen: threads read the clock before they take the lock.
    latest: Tick,
    /// Somebody has been lost to time since the last time that nobody waited.
    lost: bool,
    /// The limit of the latest caller, for a waiter that is dropped: it has no settings.
    pub(super) limit: u32,
}

impl Queue {
    /// The time that counts: it does not run back.
    pub(super) fn time(&mut self, now: Tick) -> Tick {
        self.latest = self.latest.max(now);
        self.latest
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> u32 {
        self.line.len()
    }

    /// One more waits, for that long at most.
    pub(super) fn insert(&mut self, ask: Ask, max_wait: Duration) -> u64 {
        let now = self.time(ask.now);
        self.came += 1;
        let until = now.plus(max_wait);
        // Who can begin in the last moment of the wait still does, but not in that of the call.
        let over = ask.deadline.min(Tick(until.0.saturating_add(1)));
        let Ask { priority, call, deadline, .. } = ask;
        let place = Place { id: self.came, priority, came: now, call, deadline, over };
        self.line.insert(&place);
        self.entries.insert(place.id, Entry { place, waker: None, standing: Standing::Waiting });
        place.id
    }

    /// A body has ended while somebody waited.
    pub(super) fn body_ended(&mut self, time: Duration) {
        self.bodies.record(time);
    }

    /// Hands on so many free seats; says how many of them have been taken by that. Who is to be woken, for better or
    /// worse, is added to `woken`.
    pub(super) fn hand_out(&mut self, free: u32, now: Tick, woken: &mut Wakers) -> u32 {
        let now = self.time(now);
        while let Some(id) = self.line.over(now) {
            self.lose(id, Refused::TimeUp, woken);
        }
        let in_turn = !self.lost;
        let seats = free.min(self.line.len());
        if seats > 0 {
            self.pass_over(seats, now, woken);
        }
        for _ in 0..seats {
            let next = if in_turn { self.line.first_come() } else { self.line.newest() };
            let Some(id) = next else { break };
            self.decide(id, Standing::Granted { in_turn }, woken);
        }
        self.calm_down();
        seats
    }

    /// Turns the doomed away, but for as many as there are seats.
    fn pass_over(&mut self, seats: u32, now: Tick, woken: &mut Wakers) {
        let Some(median) = self.bodies.median() else { return };
        let (by, mut seats) = (now.plus(median), seats as usize);
        for levels in [CRITICAL, OTHERS] {
            while self.line.count(levels.clone()) > seats
                && let Some(id) = self.line.hopeless(levels.clone(), by)
            {
                self.lose(id, Refused::WouldMissDeadline, woken);
            }
            seats = seats.saturating_sub(self.line.count(levels));
        }
    }

    fn lose(&mut self, id: u64, why: Refused, woken: &mut Wakers) {
        self.lost = true;
        self.decide(id, Standing::Refused(why), woken);
    }

    /// Takes one out of the line who is to hear of it.
    fn decide(&mut self, id: u64, standing: Standing, woken: &mut Wakers) {
        if let Some(entry) = self.entries.get_mut(&id) {
            self.line.remove(&entry.place);
            entry.standing = standing;
            woken.push(entry.waker.take());
        }
    }

    /// Once nobody waits, nobody is lost.
    fn calm_down(&mut self) {
        self.lost &= self.line.len() > 0;
    }

    /// Where a waiter stands. One that waits on leaves its waker; any other is gone from here, as is one whose time is up.
    /// Gives the waker before it back, which must not be dropped under the lock.
    pub(super) fn ask(
        &mut self,
        id: u64,
        waker: &mut Option<Waker>,
        is_time_up: bool,
    ) -> (Standing, Option<Waker>) {
        if let Some(entry) = self.entries.get_mut(&id)
            && entry.standing == Standing::Waiting
            && !is_time_up
        {
            return (Standing::Waiting, std::mem::replace(&mut entry.waker, waker.take()));
        }
        match self.leave(id) {
            Some((Standing::Waiting, waker)) => {
                self.lost = self.line.len() > 0;
                (Standing::Refused(Refused::TimeUp), waker)
            }
            Some(other) => other,
            None => (Standing::Refused(Refused::TimeUp), None),
        }
    }

    /// Forgets a waiter; gives back where it stood, and its waker, which must not be dropped under the lock.
    pub(super) fn leave(&mut self, id: u64) -> Option<(Standing, Option<Waker>)> {
        let entry = self.entries.remove(&id)?;
        if entry.standing == Standing::Waiting {
            self.line.remove(&entry.place);
            self.calm_down();
        }
        Some((entry.standing, entry.waker))
    }
}

const CRITICAL: Levels = 3..=3;
const OTHERS: Levels = 0..=2;
