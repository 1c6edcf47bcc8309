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
//! service: at a load of 0.8, the 5 ms of `CoDel` turn away an eighth of the calls to a healthy service of slow bodies. A
//! loss needs no measure.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

use super::answer::{Answer, Ask, Refused};
use super::bodies::Bodies;
use super::line::{Levels, Line, Place};
use super::offers::{Offers, Woken};
use crate::clock::Tick;
use crate::priority::Priority;
use crate::wakers::Wakers;

/// Where a waiter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// In the line.
    Waiting,
    /// Woken for a seat.
    Offered { in_turn: bool, woken: Woken },
    /// Turned away.
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
    offers: Offers,
    bodies: Bodies,
    /// How many have ever come, to keep the order of those of one moment.
    came: u64,
    /// How many have ever been offered a seat.
    turns: u64,
    /// The latest time seen: threads read the clock before they take the lock.
    latest: Tick,
    /// Somebody has been lost to time since the last time that nobody waited.
    lost: bool,
    /// The limit of the latest caller, for a waiter that is dropped: it has no settings.
    pub(super) limit: u32,
}

impl Queue {
    /// The time that counts: it does not run back.
    fn time(&mut self, now: Tick) -> Tick {
        self.latest = self.latest.max(now);
        self.latest
    }

    /// How many wait: those woken without a seat on offer for them, too.
    pub(super) fn waiting(&self) -> u32 {
        self.line.len() + self.offers.woken() - self.offers.seats()
    }

    /// One more waits, for that long at most.
    pub(super) fn insert(&mut self, ask: Ask, max_wait: Duration) -> u64 {
        let now = self.time(ask.now);
        self.came += 1;
        let until = now.plus(max_wait);
        // Who can begin in the last moment of the wait still does, but not in that of the call.
        let over = ask.deadline.min(Tick(until.0.saturating_add(1)));
        let Ask { priority, call, deadline, .. } = ask;
        let place = Place { id: self.came, turn: 0, priority, came: now, call, deadline, over };
        self.line.insert(&place);
        self.entries.insert(place.id, Entry { place, waker: None, standing: Standing::Waiting });
        place.id
    }

    /// The first that will not wait any more, though they may not notice, and from when on.
    fn first_over(&self) -> Option<(Tick, u64)> {
        [self.line.next_over(), self.offers.next_over()].into_iter().flatten().min()
    }

    /// When the queue will be shorter whatever happens.
    pub(super) fn next_over(&self) -> Tick {
        self.first_over().map_or(Tick::MAX, |(over, _)| over)
    }

    /// The least priority, as its place in the order from `Low` on, that a full queue makes room for.
    pub(super) fn least_with_room(&self) -> u8 {
        let lowest = self.line.lowest().map_or(NO_PRIORITY, |lowest| lowest as u8);
        if self.lost { lowest } else { lowest.saturating_add(1) }
    }

    /// Turns somebody away from a full queue for a newcomer that matters more: the latest comer of the lowest priority,
    /// who has waited least. After a loss, the oldest call of the lowest priority makes room for a newer one of the same
    /// priority as well, since it is the last in the order. Says whether there is room now.
    pub(super) fn make_room(&mut self, ask: Ask, woken: &mut Wakers) -> bool {
        if ask.priority as u8 >= self.least_with_room()
            && let Some(id) = if self.lost { self.older_than(ask) } else { self.line.last_come() }
        {
            self.turn_away(id, Refused::Displaced { in_turn: !self.lost }, woken);
            return true;
        }
        false
    }

    /// The one who goes for a newcomer after a loss, unless that is a retry of an older call.
    fn older_than(&self, ask: Ask) -> Option<u64> {
        let (call, id) = self.line.oldest()?;
        let matters_less = self.line.lowest() < Some(ask.priority);
        (matters_less || call <= ask.call).then_some(id)
    }

    /// A body has ended while somebody waited.
    pub(super) fn body_ended(&mut self, time: Duration) {
        self.bodies.record(time);
    }

    /// Hands on so many free seats, and those that have been on offer for too long; says how many of the free ones have
    /// been taken by that. Who is to be woken, for better or worse, is added to `woken`.
    pub(super) fn hand_out(&mut self, free: u32, now: Tick, woken: &mut Wakers) -> u32 {
        let now = self.time(now);
        while let Some((over, id)) = self.first_over()
            && over <= now
        {
            self.lose(id, Refused::TimeUp, woken);
        }
        let seats = free.min(self.waiting());
        self.offers.add(seats);
        self.offer(now, woken);
        self.calm_down();
        seats
    }

    /// Wakes so many that no seat lies idle.
    fn offer(&mut self, now: Tick, woken: &mut Wakers) {
        while let Some(id) = self.offers.overdue(now) {
            self.be_late(id);
        }
        let wanted = self.offers.wanted();
        if wanted == 0 {
            return;
        }
        let in_turn = !self.lost;
        self.pass_over(wanted, now, woken);
        for _ in 0..wanted {
            let Some(entry) = self.line.next(in_turn).and_then(|id| self.entries.get_mut(&id)) else { break };
            self.line.remove(&entry.place);
            if entry.place.turn == 0 {
                self.turns += 1;
                entry.place.turn = self.turns;
            }
            entry.standing = Standing::Offered { in_turn, woken: self.offers.wake(entry.place.id, now) };
            woken.push(entry.waker.take());
        }
    }

    fn be_late(&mut self, id: u64) {
        if let Some(Entry { place, standing: Standing::Offered { woken, .. }, .. }) =
            self.entries.get_mut(&id)
        {
            *woken = self.offers.be_late(id, *woken, place.over);
        }
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
        self.turn_away(id, why, woken);
    }

    fn turn_away(&mut self, id: u64, why: Refused, woken: &mut Wakers) {
        if let Some(entry) = self.entries.get_mut(&id) {
            Self::leave_standing(&mut self.line, &mut self.offers, entry);
            entry.standing = Standing::Refused(why);
            woken.push(entry.waker.take());
        }
    }

    fn leave_standing(line: &mut Line, offers: &mut Offers, entry: &Entry) {
        match entry.standing {
            Standing::Waiting => line.remove(&entry.place),
            Standing::Offered { woken, .. } => offers.remove(entry.place.id, woken),
            Standing::Refused(_) => {}
        }
    }

    /// Once nobody waits, nobody is lost.
    fn calm_down(&mut self) {
        self.lost &= self.waiting() > 0;
    }

    /// What a waiter is told. One that waits on leaves its waker; any other is gone from here, as is one whose time is up
    /// and who is not offered a seat. Gives the waker before it back, which must not be dropped under the lock.
    pub(super) fn ask(
        &mut self,
        id: u64,
        waker: &mut Option<Waker>,
        now: Tick,
        is_time_up: bool,
    ) -> (Answer, Option<Waker>) {
        let Some(entry) = self.entries.get_mut(&id) else { return (Answer::No(Refused::TimeUp), None) };
        let answer = match entry.standing {
            Standing::Refused(why) => Answer::No(why),
            Standing::Offered { in_turn, .. } if self.offers.take() => Answer::Seat { in_turn },
            Standing::Offered { .. } | Standing::Waiting if is_time_up => {
                self.lost = true;
                Answer::No(Refused::TimeUp)
            }
            Standing::Offered { .. } | Standing::Waiting => {
                if let Standing::Offered { woken, .. } = entry.standing {
                    // Somebody else came first. It keeps its place before all who were not offered a seat.
                    self.offers.remove(id, woken);
                    self.line.insert(&entry.place);
                    entry.standing = Standing::Waiting;
                }
                let before = std::mem::replace(&mut entry.waker, waker.take());
                return (Answer::Wait(self.offers.next_look(self.latest.max(now))), before);
            }
        };
        let before = self.remove(id);
        self.calm_down();
        (answer, before)
    }

    /// Forgets a waiter that is gone. Says whether it leaves a seat behind that is nobody else's, and gives its waker
    /// back, which must not be dropped under the lock.
    pub(super) fn leave(&mut self, id: u64) -> (bool, Option<Waker>) {
        let waker = self.remove(id);
        let leaves_seat = self.offers.take_back();
        self.calm_down();
        (leaves_seat, waker)
    }

    fn remove(&mut self, id: u64) -> Option<Waker> {
        let entry = self.entries.remove(&id)?;
        Self::leave_standing(&mut self.line, &mut self.offers, &entry);
        entry.waker
    }
}

const CRITICAL: Levels = Priority::Critical as usize..=Priority::Critical as usize;
const OTHERS: Levels = Priority::Low as usize..=Priority::High as usize;

/// Above all there are.
const NO_PRIORITY: u8 = u8::MAX;
