//! Decides who leads one execution for many callers, and who takes over from a leader that is late or gone. In: callers of one key.
//! Out: one that leads, and the others wait for its answer.
//!
//! Waiters are queued with their wakers; nothing spins. A leader that is dropped or panics hands over to the first
//! waiter, and a leader that is past its time is joined by it. A leader that *fails* hands over to the first two: its
//! error cannot be given to the others (errors are not `Clone`), releasing all of them would be a stampede on a service
//! in trouble, and releasing them one by one would make the last of a thousand wait for a thousand failures. So the
//! number of those that try doubles, and ten rounds suffice for a thousand.

use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;
use std::task::{Poll, Waker};

use super::cached_answers::Kept;
use crate::clock::Tick;
use crate::sync::{Mutex, MutexGuard, lock};
use crate::wakers::{Wakers, discard};

/// How many waiters take over from a leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handover {
    /// The leader was dropped, which says nothing about the service.
    Dropped = 1,
    /// The leader failed.
    Failed = 2,
}

/// How long a caller may lead: a leader that is alive but never polled must not keep the others waiting for ever.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LeadLimit {
    /// The deadline of its call.
    pub(crate) deadline: Tick,
    /// Without a deadline: the time from when it begins to lead.
    pub(crate) nanos: u64,
}

impl LeadLimit {
    fn from(self, now: Tick) -> Tick {
        if self.deadline == Tick::MAX { Tick(now.0.saturating_add(self.nanos)) } else { self.deadline }
    }
}

/// What a waiter learns.
#[derive(Debug)]
pub(super) enum Heard<T> {
    /// An answer to share.
    Answer(Arc<Kept<T>>),
    /// It is its turn to lead.
    Lead,
}

/// All callers that want the answer for one key right now.
#[derive(Debug)]
pub(super) struct Flight<K, T> {
    pub(super) hash: u64,
    pub(super) key: K,
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    /// The first answer; the flight is over then.
    answer: Option<Arc<Kept<T>>>,
    /// How many lead, including those that have not been polled since they were made leader. At zero, no caller may
    /// join any more.
    leading: usize,
    /// When the latest leader should be done.
    until: Tick,
    next: u64,
    /// The waiters, in order of arrival. A caller that is no longer in here leads, unless there is an answer.
    waiting: BTreeMap<u64, Waiting>,
}

#[derive(Debug)]
struct Waiting {
    waker: Option<Waker>,
    limit: LeadLimit,
}

impl<K, T> Flight<K, T> {
    /// A flight with one leader.
    pub(super) fn new(hash: u64, key: K, limit: LeadLimit, now: Tick) -> Self {
        let until = limit.from(now);
        let state = State { answer: None, leading: 1, until, next: 0, waiting: BTreeMap::new() };
        Self { hash, key, state: Mutex::new(state) }
    }

    /// Joins the queue; `None` if the flight is over.
    pub(super) fn queue(&self, limit: LeadLimit) -> Option<u64> {
        let mut state = self.lock();
        if state.leading == 0 {
            return None;
        }
        let place = state.next;
        state.next += 1;
        state.waiting.insert(place, Waiting { waker: None, limit });
        Some(place)
    }

    /// Whether no caller may join any more.
    pub(super) fn is_over(&self) -> bool {
        self.lock().leading == 0
    }

    pub(super) fn poll(&self, place: u64, waker: &Waker) -> Poll<Heard<T>> {
        // Cloned before the lock and dropped after it: both run foreign code of the waker.
        let mut waker = Some(waker.clone());
        let mut state = self.lock();
        let heard = if let Some(answer) = &state.answer {
            Poll::Ready(Heard::Answer(Arc::clone(answer)))
        } else if let Some(waiting) = state.waiting.get_mut(&place) {
            mem::swap(&mut waiting.waker, &mut waker);
            Poll::Pending
        } else {
            Poll::Ready(Heard::Lead)
        };
        drop(state);
        discard(waker);
        heard
    }

    /// When the waiters no longer have to wait for the leader.
    pub(super) fn until(&self) -> Tick {
        self.lock().until
    }

    /// Makes the first waiter a leader, if the current leader should be done by now. If the former leader still brings
    /// an answer, that counts all the same.
    pub(super) fn take_over(&self, now: Tick) -> Wakers {
        let mut state = self.lock();
        let mut heirs = Wakers::none();
        if now >= state.until && state.answer.is_none() {
            heirs.push(state.promote(now));
        }
        heirs
    }

    /// Leaves the queue; `true` if the caller has become a leader and has to hand over the lead.
    pub(super) fn leave(&self, place: u64) -> bool {
        let mut state = self.lock();
        let left = state.waiting.remove(&place);
        let leads = left.is_none() && state.answer.is_none();
        drop(state);
        discard(left.and_then(|waiting| waiting.waker));
        leads
    }

    /// A leader has an answer; returns the waiters to wake.
    pub(super) fn land(&self, answer: Arc<Kept<T>>) -> Wakers {
        let mut state = self.lock();
        if state.answer.is_none() {
            state.answer = Some(Arc::clone(&answer));
        }
        state.leading = 0;
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        // Dropped after the lock: if it came too late, this may be the last reference to it.
        drop(answer);
        let mut heard = Wakers::none();
        for waiting in waiting.into_values() {
            heard.push(waiting.waker);
        }
        heard
    }

    /// A leader stops without an answer; returns the waiters to wake, and whether the flight is over.
    pub(super) fn hand_over(&self, handover: Handover, now: Tick) -> (Wakers, bool) {
        let mut state = self.lock();
        state.leading = state.leading.saturating_sub(1);
        let mut heirs = Wakers::none();
        if state.answer.is_none() {
            for _ in 0..handover as usize {
                heirs.push(state.promote(now));
            }
        }
        (heirs, state.leading == 0)
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        lock(&self.state)
    }
}

impl<T> State<T> {
    /// Makes the first waiter a leader.
    fn promote(&mut self, now: Tick) -> Option<Waker> {
        let (_, heir) = self.waiting.pop_first()?;
        self.leading += 1;
        self.until = heir.limit.from(now);
        heir.waker
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Tick;

    const LIMIT: LeadLimit = LeadLimit { deadline: Tick::MAX, nanos: 100 };

    fn flight() -> Flight<(), u32> {
        Flight::new(0, (), LIMIT, Tick(0))
    }

    fn queue(flight: &Flight<(), u32>) -> u64 {
        flight.queue(LIMIT).expect("it is under way")
    }

    fn leads(flight: &Flight<(), u32>, place: u64) -> bool {
        matches!(flight.poll(place, Waker::noop()), Poll::Ready(Heard::Lead))
    }

    fn hand_over(flight: &Flight<(), u32>, handover: Handover) -> bool {
        let (heirs, is_over) = flight.hand_over(handover, Tick(0));
        heirs.wake();
        is_over
    }

    fn leaders(flight: &Flight<(), u32>, places: &[u64]) -> Vec<u64> {
        places.iter().copied().filter(|&place| leads(flight, place)).collect()
    }

    #[test]
    fn every_waiter_hears_the_answer() {
        let flight = flight();
        let places = [queue(&flight), queue(&flight)];
        assert!(leaders(&flight, &places).is_empty());
        flight.land(Arc::new(Kept::new(7, Tick(0)))).wake();
        for place in places {
            let Poll::Ready(Heard::Answer(kept)) = flight.poll(place, Waker::noop()) else {
                panic!("{place} has heard nothing");
            };
            assert_eq!(kept.value, 7);
            assert!(!flight.leave(place));
        }
    }

    #[test]
    fn a_dropped_leader_hands_over_to_the_first_and_a_failed_one_to_two() {
        let flight = flight();
        let places: Vec<_> = (0..6).map(|_| queue(&flight)).collect();
        assert!(!hand_over(&flight, Handover::Dropped));
        assert_eq!(leaders(&flight, &places), [0]);
        assert!(!hand_over(&flight, Handover::Failed));
        assert_eq!(leaders(&flight, &places), [0, 1, 2]);
        assert!(!hand_over(&flight, Handover::Failed));
        assert!(!hand_over(&flight, Handover::Failed));
        assert_eq!(leaders(&flight, &places), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn the_flight_is_over_when_the_last_leader_finds_nobody_waiting() {
        let flight = flight();
        let place = queue(&flight);
        assert!(!hand_over(&flight, Handover::Failed));
        assert!(flight.leave(place), "it leads, whether it has noticed or not");
        assert!(hand_over(&flight, Handover::Dropped));
    }

    #[test]
    fn one_who_leaves_the_queue_is_not_made_leader() {
        let flight = flight();
        let (gone, stays) = (queue(&flight), queue(&flight));
        assert!(!flight.leave(gone));
        assert!(!hand_over(&flight, Handover::Dropped));
        assert!(leads(&flight, stays));
    }

    #[test]
    fn a_leader_that_is_past_its_time_is_followed_by_the_first_who_waits_and_may_still_answer() {
        let flight = flight();
        let places = [queue(&flight), queue(&flight)];
        assert_eq!(flight.until(), Tick(100));
        flight.take_over(Tick(99)).wake();
        assert!(leaders(&flight, &places).is_empty());
        flight.take_over(Tick(130)).wake();
        assert_eq!((leaders(&flight, &places), flight.until()), (vec![0], Tick(230)));
        flight.take_over(Tick(150)).wake();
        assert_eq!(leaders(&flight, &places), [0], "that one has its time, too");
        // Both leaders stop, the late one first.
        assert!(!hand_over(&flight, Handover::Dropped));
        assert_eq!(leaders(&flight, &places), [0, 1]);
        flight.land(Arc::new(Kept::new(7, Tick(0)))).wake();
        assert!(matches!(flight.poll(1, Waker::noop()), Poll::Ready(Heard::Answer(_))));
    }

    #[test]
    fn nobody_joins_a_flight_that_is_over() {
        let (landed, failed) = (flight(), flight());
        landed.land(Arc::new(Kept::new(7, Tick(0)))).wake();
        assert!(hand_over(&failed, Handover::Failed));
        assert!(landed.queue(LIMIT).is_none() && failed.queue(LIMIT).is_none());
        assert!(landed.is_over() && failed.is_over());
    }
}
