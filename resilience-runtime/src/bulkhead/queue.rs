//! Decides which waiter of the bulkhead gets the next permit, and which are refused. In: waiters, free permits, and how long bodies
//! took. Out: who is next, who is refused, who is to be woken. No atomics, and nothing is given here: the lock and the word are in
//! `slow_path`.
//!
//! **Without a loss** the queue is first in, first out, higher priorities first, and waiting makes up for priority. A
//! *loss* is a waiter that runs out of time. Under lasting overload that order is the worst there is: everybody waits
//! until there is nearly no time left, gets a permit, and is cut off. Two rules without a time constant give the
//! permits to those who can still use them.
//!
//! *Doomed*: when a permit is granted, a waiter whose call has no more time left than the median of the last bodies
//! is refused. Half of those at the border would have made it, and the waiters behind them mostly do. No permit is
//! left idle for this: if all are doomed, the one with the most time left gets it, and a call that finds a free
//! permit is not checked. `Critical` calls are refused only in favour of one another: what must get through while
//! anything does is not refused on an estimate, for the sake of a call that came later and matters less.
//!
//! *Newest first after a loss*: the first loss, be it a doomed waiter or the end of a wait, changes the order within
//! a priority to newest call first, and priority becomes strict, until nobody waits. The newest call has the most
//! time left, so few are doomed, and those that are served hardly wait. The model is adaptive LIFO (Maurer, "Fail at
//! Scale", 2015), which infers overload from a queue that has not been empty for some time. Any such time is wrong
//! for some service: at a load of 0.8, the 5 ms of `CoDel` refuse an eighth of the calls to a healthy service with
//! slow bodies. A loss needs no such parameter.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

use super::answer::{Refused, WaiterAnswer};
use super::body_durations::BodyDurations;
use super::offers::{LATE, Offers, Woken};
use super::request::PermitRequest;
use super::wait_order::{ABOVE_ALL, CRITICAL, OTHERS, WaitOrder, WaiterKeys};
use crate::clock::Tick;
use crate::wakers::Wakers;

/// The state of a waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WaiterState {
    /// Waiting in the order.
    Waiting,
    /// Woken for a permit.
    Offered { is_fifo: bool, woken: Woken },
    /// Refused, and not polled since.
    Refused(Refused),
}

#[derive(Debug)]
struct WaiterEntry {
    keys: WaiterKeys,
    waker: Option<Waker>,
    state: WaiterState,
}

/// The waiters of a bulkhead, until they have been polled for their answer.
#[derive(Debug, Default)]
pub(super) struct Queue {
    entries: BTreeMap<u64, WaiterEntry>,
    order: WaitOrder,
    offers: Offers,
    bodies: BodyDurations,
    /// How many waiters have ever arrived; numbers them, and orders those of one moment.
    arrived: u64,
    /// How many waiters have ever been offered a permit.
    offers_made: u64,
    /// The latest time seen: threads read the clock before they take the lock.
    latest: Tick,
    /// Whether a waiter was lost since the queue was last empty: the order is newest first.
    newest_first: bool,
    /// The limit of the latest caller. A waiter that is dropped uses it, as it has no settings.
    pub(super) limit: u32,
}

impl Queue {
    /// The time to use, which never runs back.
    fn time(&mut self, now: Tick) -> Tick {
        self.latest = self.latest.max(now);
        self.latest
    }

    /// How many wait, including woken waiters without a permit on offer for them.
    pub(super) fn waiting(&self) -> u32 {
        self.order.len() + self.offers.woken() - self.offers.permits()
    }

    /// A waiter is about to be polled: until it is, it looks after what is on offer.
    pub(super) fn looks(&mut self, id: u64, now: Tick) {
        let now = self.time(now);
        self.offers.watch(id, now, now);
    }

    /// Adds a waiter, which waits for `max_wait` at most; returns its number.
    pub(super) fn insert(&mut self, request: PermitRequest, max_wait: Duration) -> u64 {
        let now = self.time(request.now);
        self.arrived += 1;
        let until = now.plus(max_wait);
        // A waiter may still start in the last moment of its wait, but not in that of its call.
        let expires = request.deadline.min(Tick(until.0.saturating_add(1)));
        let PermitRequest { priority, call, deadline, .. } = request;
        let keys =
            WaiterKeys { id: self.arrived, offer_number: 0, priority, arrived: now, call, deadline, expires };
        self.order.insert(&keys);
        self.looks(keys.id, now);
        self.entries.insert(keys.id, WaiterEntry { keys, waker: None, state: WaiterState::Waiting });
        keys.id
    }

    /// The first waiter to expire, and when. It may not have been polled since.
    fn first_to_expire(&self) -> Option<(Tick, u64)> {
        [self.order.next_expiry(), self.offers.next_expiry()].into_iter().flatten().min()
    }

    /// When the queue becomes shorter, whatever happens.
    pub(super) fn next_expiry(&self) -> Tick {
        self.first_to_expire().map_or(Tick::MAX, |(expires, _)| expires)
    }

    /// The least priority, counted from `Low`, that a full queue makes room for.
    pub(super) fn min_priority_with_room(&self) -> u8 {
        let lowest = self.order.lowest().map_or(ABOVE_ALL, |lowest| lowest as u8);
        if self.newest_first { lowest } else { lowest.saturating_add(1) }
    }

    /// Makes room in a full queue by refusing a waiter: the latest to arrive with the lowest priority, which has
    /// waited least, if the newcomer has a higher one. After a loss, the oldest call of the lowest priority, also for
    /// a newer call of the same priority, since it is the last in the order. Whether there is room now.
    pub(super) fn make_room(&mut self, request: PermitRequest, woken: &mut Wakers) -> bool {
        if request.priority as u8 >= self.min_priority_with_room()
            && let Some(id) =
                if self.newest_first { self.displaced_by_newer(request) } else { self.order.latest_arrival() }
        {
            self.refuse(id, Refused::Displaced { is_fifo: !self.newest_first }, woken);
            return true;
        }
        false
    }

    /// The waiter that a newcomer displaces after a loss; none if the newcomer is a retry of an older call.
    fn displaced_by_newer(&self, request: PermitRequest) -> Option<u64> {
        let (call, id) = self.order.oldest()?;
        let matters_less = self.order.lowest() < Some(request.priority);
        (matters_less || call <= request.call).then_some(id)
    }

    /// A body has ended while somebody waited.
    pub(super) fn body_ended(&mut self, time: Duration) {
        self.bodies.record(time);
    }

    /// Grants free permits, and offers those again that were on offer for too long. Returns how many of the free ones
    /// are taken by that. The wakers of granted and refused waiters are added to `woken`.
    pub(super) fn grant(&mut self, free: u32, now: Tick, woken: &mut Wakers) -> u32 {
        let now = self.time(now);
        while let Some((expires, id)) = self.first_to_expire()
            && expires <= now
        {
            self.lose(id, Refused::TimeUp, woken);
        }
        let permits = free.min(self.waiting());
        self.offers.add(permits);
        self.offer(now, woken);
        self.watch(now, woken);
        self.restore_fifo();
        permits
    }

    /// Wakes as many waiters as needed so that no permit lies idle.
    fn offer(&mut self, now: Tick, woken: &mut Wakers) {
        while let Some(id) = self.offers.overdue(now) {
            self.mark_late(id);
        }
        let wanted = self.offers.wanted();
        if wanted == 0 {
            return;
        }
        let is_fifo = !self.newest_first;
        self.refuse_doomed(wanted, now, woken);
        for _ in 0..wanted {
            let Some(entry) = self.order.next(is_fifo).and_then(|id| self.entries.get_mut(&id)) else {
                break;
            };
            self.order.remove(&entry.keys);
            if entry.keys.offer_number == 0 {
                self.offers_made += 1;
                entry.keys.offer_number = self.offers_made;
            }
            entry.state = WaiterState::Offered { is_fifo, woken: self.offers.wake(entry.keys.id, now) };
            woken.push(entry.waker.take());
        }
    }

    /// Wakes a waiter to look after the permits on offer, if nobody does. One without a waker is woken already.
    fn watch(&mut self, now: Tick, woken: &mut Wakers) {
        if self.offers.is_unwatched(now) {
            let candidates = [self.offers.watcher(now), self.order.next(!self.newest_first)];
            let sleeper = |id| Some((id, self.entries.get_mut(&id)?.waker.take()?));
            if let Some((id, waker)) = candidates.into_iter().flatten().find_map(sleeper) {
                self.offers.watch(id, now.plus(LATE), now);
                woken.push(Some(waker));
            }
        }
    }

    fn mark_late(&mut self, id: u64) {
        if let Some(WaiterEntry { keys, state: WaiterState::Offered { woken, .. }, .. }) =
            self.entries.get_mut(&id)
        {
            *woken = self.offers.mark_late(id, *woken, keys.expires);
        }
    }

    /// Refuses doomed waiters, but keeps as many waiters as there are permits.
    fn refuse_doomed(&mut self, permits: u32, now: Tick, woken: &mut Wakers) {
        let Some(median) = self.bodies.median() else { return };
        let (by, mut permits) = (now.plus(median), permits as usize);
        for levels in [CRITICAL, OTHERS] {
            while self.order.count(levels.clone()) > permits
                && let Some(id) = self.order.doomed(levels.clone(), by)
            {
                self.lose(id, Refused::WouldMissDeadline, woken);
            }
            permits = permits.saturating_sub(self.order.count(levels));
        }
    }

    fn lose(&mut self, id: u64, why: Refused, woken: &mut Wakers) {
        self.newest_first = true;
        self.refuse(id, why, woken);
    }

    fn refuse(&mut self, id: u64, why: Refused, woken: &mut Wakers) {
        if let Some(entry) = self.entries.get_mut(&id) {
            Self::leave_state(&mut self.order, &mut self.offers, entry);
            entry.state = WaiterState::Refused(why);
            woken.push(entry.waker.take());
        }
    }

    fn leave_state(order: &mut WaitOrder, offers: &mut Offers, entry: &WaiterEntry) {
        offers.unwatch(entry.keys.id);
        match entry.state {
            WaiterState::Waiting => order.remove(&entry.keys),
            WaiterState::Offered { woken, .. } => offers.remove(entry.keys.id, woken),
            WaiterState::Refused(_) => {}
        }
    }

    /// The queue is empty: back to first in, first out.
    fn restore_fifo(&mut self) {
        self.newest_first &= self.waiting() > 0;
    }

    /// Answers a poll. A waiter that keeps waiting stores its waker; any other is removed, also one whose time is up
    /// and that is offered no permit. Returns the former waker, which must not be dropped under the lock.
    pub(super) fn poll(
        &mut self,
        id: u64,
        waker: &mut Option<Waker>,
        now: Tick,
        is_time_up: bool,
    ) -> (WaiterAnswer, Option<Waker>) {
        let Some(entry) = self.entries.get_mut(&id) else {
            return (WaiterAnswer::Refused(Refused::TimeUp), None);
        };
        let answer = match entry.state {
            WaiterState::Refused(why) => WaiterAnswer::Refused(why),
            WaiterState::Offered { is_fifo, .. } if self.offers.take() => WaiterAnswer::Granted { is_fifo },
            WaiterState::Offered { .. } | WaiterState::Waiting if is_time_up => {
                self.newest_first = true;
                WaiterAnswer::Refused(Refused::TimeUp)
            }
            WaiterState::Offered { .. } | WaiterState::Waiting => {
                if let WaiterState::Offered { woken, .. } = entry.state {
                    // Another waiter took the permit. This one stays ahead of all that were never offered one.
                    self.offers.remove(id, woken);
                    self.order.insert(&entry.keys);
                    entry.state = WaiterState::Waiting;
                }
                let check = self.offers.next_check(id, entry.keys.arrived, self.latest.max(now));
                return (WaiterAnswer::Wait(check), std::mem::replace(&mut entry.waker, waker.take()));
            }
        };
        let before = self.remove(id);
        self.restore_fifo();
        (answer, before)
    }

    /// Removes a waiter that is dropped. Returns whether it leaves a permit that no other waiter was woken for, and
    /// its waker, which must not be dropped under the lock.
    pub(super) fn leave(&mut self, id: u64) -> (bool, Option<Waker>) {
        let waker = self.remove(id);
        let leaves_permit = self.offers.take_unclaimed();
        self.restore_fifo();
        (leaves_permit, waker)
    }

    fn remove(&mut self, id: u64) -> Option<Waker> {
        let entry = self.entries.remove(&id)?;
        Self::leave_state(&mut self.order, &mut self.offers, &entry);
        entry.waker
    }
}
