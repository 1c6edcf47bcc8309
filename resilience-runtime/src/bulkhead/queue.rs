//! In: waiters, permits to hand on, and how long bodies took. Out: who gets a permit, who is turned away, who is to be woken.
//! Apart from the gate because these are rules, with no atomics in them.
//!
//! **Nobody is lost** in a queue that is short enough: then it is first in, first out, higher priorities first, and
//! waiting makes up for priority. Under lasting overload that order is the worst there is: everybody waits until there is
//! nearly no time left, gets a permit, and is cut off. Two rules without a time constant see to it that permits go to those
//! who can still use them.
//!
//! *Doomed*: when a permit is handed on, a waiter whose call has no more time left than the median of the last bodies is
//! passed expires and turned away. Half of those at the border would have made it, and the others, who come after, mostly do.
//! Never is a permit left idle for it: if all are doomed, the one with most time left goes in, and a call that finds a permit
//! free is not even asked. `Critical` calls are given up for one another only: what must get through while anything does
//! is not turned away on an estimate for the sake of something that arrived later and matters less.
//!
//! *Newest first after a loss*: the first waiter that is lost to time, be it doomed or at the end of its wait, offers_made the
//! order within a priority to newest call first, and priority is strict, until nobody waits. Who arrived last has most time
//! left, so that few are doomed, and those who are served hardly wait. The model is adaptive LIFO (Maurer, "Fail at
//! Scale", 2015), which takes a queue that has not been empty for so long for overload. Any such time is wrong for some
//! service: at a load of 0.8, the 5 ms of `CoDel` offer_number away an eighth of the calls to a healthy service of slow bodies. A
//! loss needs no measure.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

use super::answer::{Refused, WaiterAnswer};
use super::body_durations::BodyDurations;
use super::offers::{Offers, Woken};
use super::request::PermitRequest;
use super::wait_order::{Levels, WaitOrder, WaiterKeys};
use crate::clock::Tick;
use crate::priority::Priority;
use crate::wakers::Wakers;

/// Where a waiter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WaiterState {
    /// In the order.
    Waiting,
    /// Woken for a permit.
    Offered { is_fifo: bool, woken: Woken },
    /// Turned away.
    Refused(Refused),
}

#[derive(Debug)]
struct WaiterEntry {
    keys: WaiterKeys,
    waker: Option<Waker>,
    state: WaiterState,
}

/// Who waits for the permits of a bulkhead, until they have asked what has become of it.
#[derive(Debug, Default)]
pub(super) struct Queue {
    entries: BTreeMap<u64, WaiterEntry>,
    order: WaitOrder,
    offers: Offers,
    bodies: BodyDurations,
    /// How many have ever come, to keep the order of those of one moment.
    arrived: u64,
    /// How many have ever been offered a permit.
    offers_made: u64,
    /// The latest time seen: threads read the clock before they take the lock.
    latest: Tick,
    /// Somebody has been lost to time since the last time that nobody waited.
    newest_first: bool,
    /// The limit of the latest caller, for a waiter that is dropped: it has no settings.
    pub(super) limit: u32,
}

impl Queue {
    /// The time that counts: it does not run back.
    fn time(&mut self, now: Tick) -> Tick {
        self.latest = self.latest.max(now);
        self.latest
    }

    /// How many wait: those woken without a permit on offer for them, too.
    pub(super) fn waiting(&self) -> u32 {
        self.order.len() + self.offers.woken() - self.offers.permits()
    }

    /// One more waits, for that long at most.
    pub(super) fn insert(&mut self, ask: PermitRequest, max_wait: Duration) -> u64 {
        let now = self.time(ask.now);
        self.arrived += 1;
        let until = now.plus(max_wait);
        // Who can begin in the last moment of the wait still does, but not in that of the call.
        let expires = ask.deadline.min(Tick(until.0.saturating_add(1)));
        let PermitRequest { priority, call, deadline, .. } = ask;
        let keys =
            WaiterKeys { id: self.arrived, offer_number: 0, priority, arrived: now, call, deadline, expires };
        self.order.insert(&keys);
        self.entries.insert(keys.id, WaiterEntry { keys, waker: None, state: WaiterState::Waiting });
        keys.id
    }

    /// The first that will not wait any more, though they may not notice, and from when on.
    fn first_to_expire(&self) -> Option<(Tick, u64)> {
        [self.order.next_expiry(), self.offers.next_expiry()].into_iter().flatten().min()
    }

    /// When the queue will be shorter whatever happens.
    pub(super) fn next_expiry(&self) -> Tick {
        self.first_to_expire().map_or(Tick::MAX, |(expires, _)| expires)
    }

    /// The least priority, as its keys in the order from `Low` on, that a full queue makes room for.
    pub(super) fn min_priority_with_room(&self) -> u8 {
        let lowest = self.order.lowest().map_or(NO_PRIORITY, |lowest| lowest as u8);
        if self.newest_first { lowest } else { lowest.saturating_add(1) }
    }

    /// Turns somebody away from a full queue for a newcomer that matters more: the latest comer of the lowest priority,
    /// who has waited least. After a loss, the oldest call of the lowest priority makes room for a newer one of the same
    /// priority as well, since it is the last in the order. Says whether there is room now.
    pub(super) fn make_room(&mut self, ask: PermitRequest, woken: &mut Wakers) -> bool {
        if ask.priority as u8 >= self.min_priority_with_room()
            && let Some(id) =
                if self.newest_first { self.displaced_by_newer(ask) } else { self.order.latest_arrival() }
        {
            self.refuse(id, Refused::Displaced { is_fifo: !self.newest_first }, woken);
            return true;
        }
        false
    }

    /// The one who goes for a newcomer after a loss, unless that is a retry of an older call.
    fn displaced_by_newer(&self, ask: PermitRequest) -> Option<u64> {
        let (call, id) = self.order.oldest()?;
        let matters_less = self.order.lowest() < Some(ask.priority);
        (matters_less || call <= ask.call).then_some(id)
    }

    /// A body has ended while somebody waited.
    pub(super) fn body_ended(&mut self, time: Duration) {
        self.bodies.record(time);
    }

    /// Hands on so many free permits, and those that have been on offer for too long; says how many of the free ones have
    /// been taken by that. Who is to be woken, for better or worse, is added to `woken`.
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
        self.restore_fifo();
        permits
    }

    /// Wakes so many that no permit lies idle.
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

    fn mark_late(&mut self, id: u64) {
        if let Some(WaiterEntry { keys, state: WaiterState::Offered { woken, .. }, .. }) =
            self.entries.get_mut(&id)
        {
            *woken = self.offers.mark_late(id, *woken, keys.expires);
        }
    }

    /// Turns the doomed away, but for as many as there are permits.
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
        match entry.state {
            WaiterState::Waiting => order.remove(&entry.keys),
            WaiterState::Offered { woken, .. } => offers.remove(entry.keys.id, woken),
            WaiterState::Refused(_) => {}
        }
    }

    /// Once nobody waits, nobody is lost.
    fn restore_fifo(&mut self) {
        self.newest_first &= self.waiting() > 0;
    }

    /// What a waiter is told. One that waits on leaves its waker; any other is gone from here, as is one whose time is up
    /// and who is not offered a permit. Gives the waker before it back, which must not be dropped under the lock.
    pub(super) fn ask(
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
                    // Somebody else arrived first. It keeps its keys before all who were not offered a permit.
                    self.offers.remove(id, woken);
                    self.order.insert(&entry.keys);
                    entry.state = WaiterState::Waiting;
                }
                let before = std::mem::replace(&mut entry.waker, waker.take());
                return (WaiterAnswer::Wait(self.offers.next_check(self.latest.max(now))), before);
            }
        };
        let before = self.remove(id);
        self.restore_fifo();
        (answer, before)
    }

    /// Forgets a waiter that is gone. Says whether it leaves a permit behind that is nobody else's, and gives its waker
    /// back, which must not be dropped under the lock.
    pub(super) fn leave(&mut self, id: u64) -> (bool, Option<Waker>) {
        let waker = self.remove(id);
        let leaves_permit = self.offers.take_back();
        self.restore_fifo();
        (leaves_permit, waker)
    }

    fn remove(&mut self, id: u64) -> Option<Waker> {
        let entry = self.entries.remove(&id)?;
        Self::leave_state(&mut self.order, &mut self.offers, &entry);
        entry.waker
    }
}

const CRITICAL: Levels = Priority::Critical as usize..=Priority::Critical as usize;
const OTHERS: Levels = Priority::Low as usize..=Priority::High as usize;

/// Above all there are.
const NO_PRIORITY: u8 = u8::MAX;
