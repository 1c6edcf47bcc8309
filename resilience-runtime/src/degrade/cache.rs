//! Decides whether a caller of the response cache gets an answer, fetches it, or waits for who does, and puts what was fetched
//! into it. In: a key. Out: an answer that `cached_answers` still has, or the lead of a flight that fetches it, or a place among
//! those who wait for it.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Arc;
use std::task::{Poll, Waker};

use resilience_settings::policy::CacheSettings;

use super::cached_answers::{Freshness, Kept, Store};
use super::flight::{Flight, Handover, Heard, LeadLimit};
use super::flights::{Boarding, Flights};
use crate::clock::{Clock, Tick};
use crate::sync::is_left_out;
use crate::wakers::shielded;

/// Cached answers, and the flights that are fetching answers.
///
/// The key's own code may panic, block and call back: it runs outside of every lock, and never while something is
/// dropped.
pub(crate) struct ResponseCache<K: 'static, T: 'static> {
    hasher: RandomState,
    store: Store<K, T>,
    flights: Flights<K, T>,
}

/// What a caller finds before its call.
pub(crate) enum Ahead<K: 'static, T: 'static> {
    /// An answer; the flag says whether it is stale.
    Hit(Arc<Kept<T>>, bool),
    /// Nobody is fetching the answer: the caller does, for all who come after it.
    Lead(Lead<K, T>),
    /// Another caller is fetching it, and there is no answer to serve meanwhile.
    Wait(Waiter<K, T>),
}

/// What a waiter gets.
pub(crate) enum Told<K: 'static, T: 'static> {
    /// The answer of the leading call.
    Answer(Arc<Kept<T>>),
    /// The lead: it has to make the call itself.
    Lead(Lead<K, T>),
}

/// The duty to fetch an answer. If dropped, it passes to the next waiter.
#[must_use]
pub(crate) struct Lead<K: 'static, T: 'static>(Option<Seat<K, T>>);

/// A place among the waiters of a flight.
#[must_use]
pub(crate) struct Waiter<K: 'static, T: 'static> {
    seat: Option<Seat<K, T>>,
    place: u64,
}

struct Seat<K: 'static, T: 'static> {
    cache: &'static ResponseCache<K, T>,
    clock: &'static Clock,
    flight: Arc<Flight<K, T>>,
}

impl<K, T> ResponseCache<K, T>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    pub(super) fn new(capacity: u32) -> Self {
        Self { hasher: RandomState::new(), store: Store::new(capacity), flights: Flights::new() }
    }

    /// Applies the capacity that is in force now.
    pub(crate) fn resize(&self, capacity: u32) {
        self.store.resize(capacity);
    }

    /// An answer that may still be served, and whether it is stale.
    pub(crate) fn get(&self, key: &K, now: Tick, settings: &CacheSettings) -> Option<(Arc<Kept<T>>, bool)> {
        self.get_hashed(self.hasher.hash_one(key), key, now, settings)
    }

    fn get_hashed(
        &self,
        hash: u64,
        key: &K,
        now: Tick,
        settings: &CacheSettings,
    ) -> Option<(Arc<Kept<T>>, bool)> {
        let (kept, freshness) = self.store.get(hash, key, now, settings)?;
        Some((kept, freshness == Freshness::Stale))
    }

    pub(crate) fn put(&self, key: K, kept: Arc<Kept<T>>) {
        let hash = self.hasher.hash_one(&key);
        self.store.put(hash, key, kept);
    }

    /// The answer or task for a `ReadThrough` call that began at `now` and may lead for as long as `limit` allows.
    pub(crate) fn ahead(
        &'static self,
        key: &K,
        now: Tick,
        settings: &CacheSettings,
        clock: &'static Clock,
        limit: LeadLimit,
    ) -> Ahead<K, T> {
        let hash = self.hasher.hash_one(key);
        match self.get_hashed(hash, key, now, settings) {
            Some((kept, false)) => return Ahead::Hit(kept, false),
            Some((kept, true)) if self.flights.has(hash, key) => return Ahead::Hit(kept, true),
            _ => {}
        }
        let seat = |flight| Seat { cache: self, clock, flight };
        let lead = match self.flights.board(hash, key, limit, now) {
            Boarding::Lead(flight) => Lead(Some(seat(flight))),
            Boarding::Wait(flight, place) => {
                let waiter = Waiter { seat: Some(seat(flight)), place };
                // Another caller started the flight after the first look; an answer may have been stored since.
                return match self.get_hashed(hash, key, now, settings) {
                    Some((kept, stale)) => Ahead::Hit(kept, stale),
                    None => Ahead::Wait(waiter),
                };
            }
        };
        // A flight that ended a moment ago stored its answer first, so look again.
        match self.get_hashed(hash, key, now, settings) {
            Some((kept, false)) if !is_left_out() => {
                lead.share(Arc::clone(&kept));
                Ahead::Hit(kept, false)
            }
            _ => Ahead::Lead(lead),
        }
    }
}

impl<K, T> Seat<K, T> {
    fn land(&self, kept: Arc<Kept<T>>) {
        let waiting = self.flight.land(kept);
        self.cache.flights.remove(&self.flight);
        waiting.wake();
    }

    fn hand_over(&self, handover: Handover) {
        let (heirs, is_over) = self.flight.hand_over(handover, self.clock.now());
        if is_over {
            self.cache.flights.remove(&self.flight);
        }
        heirs.wake();
    }
}

impl<K, T> Lead<K, T>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    /// Stores the answer and gives it to all waiters.
    pub(crate) fn land(self, kept: Arc<Kept<T>>) {
        if let Some(seat) = &self.0 {
            // Store first, end the flight second: a caller that finds no flight finds the answer. The lead is intact
            // until then: if the key's code panics, the lead is handed over.
            seat.cache.store.put(seat.flight.hash, seat.flight.key.clone(), Arc::clone(&kept));
        }
        self.share(kept);
    }

    /// Gives an answer that is stored already to all waiters.
    fn share(mut self, kept: Arc<Kept<T>>) {
        if let Some(seat) = self.0.take() {
            seat.land(kept);
        }
    }

    /// The call failed.
    pub(crate) fn fail(mut self) {
        if let Some(seat) = self.0.take() {
            seat.hand_over(Handover::Failed);
        }
    }
}

impl<K, T> Drop for Lead<K, T> {
    fn drop(&mut self) {
        if let Some(seat) = self.0.take() {
            seat.hand_over(Handover::Dropped);
            // It may hold the last reference to the key, and the thread may be unwinding.
            shielded(|| drop(seat));
        }
    }
}

impl<K, T> Waiter<K, T> {
    /// Waits for the answer, or for the lead.
    pub(crate) fn poll(&mut self, waker: &Waker) -> Poll<Told<K, T>> {
        let Some(seat) = &self.seat else {
            return Poll::Pending;
        };
        match seat.flight.poll(self.place, waker) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Heard::Answer(kept)) => Poll::Ready(Told::Answer(kept)),
            Poll::Ready(Heard::Lead) => Poll::Ready(Told::Lead(Lead(self.seat.take()))),
        }
    }

    /// When the current leader should be done.
    pub(crate) fn until(&self) -> Tick {
        self.seat.as_ref().map_or(Tick::MAX, |seat| seat.flight.until())
    }

    /// Makes the first waiter a leader, if the current leader should be done by now.
    pub(crate) fn take_over(&self, now: Tick) {
        if let Some(seat) = &self.seat {
            seat.flight.take_over(now).wake();
        }
    }
}

impl<K, T> Drop for Waiter<K, T> {
    fn drop(&mut self) {
        if let Some(seat) = self.seat.take() {
            if seat.flight.leave(self.place) && !is_left_out() {
                seat.hand_over(Handover::Dropped);
            }
            shielded(|| drop(seat));
        }
    }
}

#[cfg(all(test, resilience_loom))]
mod explored;
#[cfg(test)]
mod tests;
