//! One execution for many callers: callers of one key go in, one leads, the others wait for its answer.
//!
//! Waiters are queued with their wakers; nothing spins. A leader that is dropped, or panics, hands over to the
//! first in the queue. A leader that *fails* hands over to the first two: its error cannot be given to the
//! others (errors are not `Clone`), letting all of them go would be a stampede on a service that is in trouble,
//! and letting them go one by one would make the last of a thousand wait for a thousand failures. So the
//! number of those who try doubles, and ten rounds are enough for a thousand.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use super::store::Kept;

/// How many take over from a leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handover {
    /// The leader was dropped, which says nothing about the service.
    Dropped = 1,
    /// The leader failed.
    Failed = 2,
}

/// What a waiter learns.
#[derive(Debug)]
pub(super) enum Heard<T> {
    /// An answer to share.
    Answer(Arc<Kept<T>>),
    /// It is its turn to lead.
    Lead,
}

/// Who takes over. They are woken by the caller, when it has let go of its own lock.
#[derive(Debug)]
#[must_use]
pub(super) struct Heirs {
    /// Nobody leads and nobody waits.
    pub(super) is_over: bool,
    wakers: [Option<Waker>; 2],
}

impl Heirs {
    pub(super) fn wake(self) {
        self.wakers.into_iter().flatten().for_each(Waker::wake);
    }
}

/// Everyone who wants one key right now.
#[derive(Debug)]
pub(super) struct Flight<T> {
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    /// The first answer; there is nothing more to wait for.
    answer: Option<Arc<Kept<T>>>,
    /// How many lead, those included who have not noticed yet.
    leading: usize,
    next: u64,
    /// Who waits, in the order of arrival. One who is in here no longer, and has no answer, leads.
    waiting: BTreeMap<u64, Waker>,
}

impl<T> Flight<T> {
    /// A flight with one leader.
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State { answer: None, leading: 1, next: 0, waiting: BTreeMap::new() }) }
    }

    /// A place in the queue.
    pub(super) fn queue(&self) -> u64 {
        let mut state = self.lock();
        let place = state.next;
        state.next += 1;
        state.waiting.insert(place, Waker::noop().clone());
        place
    }

    pub(super) fn poll(&self, place: u64, waker: &Waker) -> Poll<Heard<T>> {
        let mut state = self.lock();
        if let Some(answer) = &state.answer {
            return Poll::Ready(Heard::Answer(Arc::clone(answer)));
        }
        match state.waiting.get_mut(&place) {
            Some(kept) => {
                kept.clone_from(waker);
                Poll::Pending
            }
            None => Poll::Ready(Heard::Lead),
        }
    }

    /// Leaves the queue: `true` when it was too late, and whoever leaves has to hand over the lead.
    pub(super) fn leave(&self, place: u64) -> bool {
        let mut state = self.lock();
        let waited = state.waiting.remove(&place).is_some();
        !waited && state.answer.is_none()
    }

    /// A leader has an answer for all.
    pub(super) fn land(&self, answer: Arc<Kept<T>>) {
        let mut state = self.lock();
        state.answer.get_or_insert(answer);
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        waiting.into_values().for_each(Waker::wake);
    }

    /// A leader stops without an answer.
    pub(super) fn hand_over(&self, handover: Handover) -> Heirs {
        let mut state = self.lock();
        state.leading = state.leading.saturating_sub(1);
        let mut wakers = [None, None];
        for waker in wakers.iter_mut().take(handover as usize) {
            *waker = state.waiting.pop_first().map(|(_, waker)| waker);
            state.leading += usize::from(waker.is_some());
        }
        Heirs { is_over: state.leading == 0, wakers }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Tick;

    fn leads(flight: &Flight<u32>, place: u64) -> bool {
        matches!(flight.poll(place, Waker::noop()), Poll::Ready(Heard::Lead))
    }

    fn hand_over(flight: &Flight<u32>, handover: Handover) -> bool {
        let heirs = flight.hand_over(handover);
        let is_over = heirs.is_over;
        heirs.wake();
        is_over
    }

    fn leaders(flight: &Flight<u32>, places: &[u64]) -> Vec<u64> {
        places.iter().copied().filter(|&place| leads(flight, place)).collect()
    }

    #[test]
    fn every_waiter_hears_the_answer() {
        let flight = Flight::new();
        let places = [flight.queue(), flight.queue()];
        assert!(leaders(&flight, &places).is_empty());
        flight.land(Arc::new(Kept::new(7, Tick(0))));
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
        let flight = Flight::new();
        let places: Vec<_> = (0..6).map(|_| flight.queue()).collect();
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
        let flight = Flight::<u32>::new();
        let place = flight.queue();
        assert!(!hand_over(&flight, Handover::Failed));
        assert!(flight.leave(place), "it leads, whether it has noticed or not");
        assert!(hand_over(&flight, Handover::Dropped));
    }

    #[test]
    fn one_who_leaves_the_queue_is_not_made_leader() {
        let flight = Flight::new();
        let (gone, stays) = (flight.queue(), flight.queue());
        assert!(!flight.leave(gone));
        assert!(!hand_over(&flight, Handover::Dropped));
        assert!(leads(&flight, stays));
    }
}
