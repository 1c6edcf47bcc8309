//! The response cache of one call site: a key goes in; an answer comes out, or the lead of a flight for it, or
//! a place among those who wait for it.

use std::hash::Hash;
use std::sync::Arc;
use std::task::{Poll, Waker};

use dashmap::{DashMap, Entry};

use super::flight::{Flight, Handover, Heard};
use super::store::{Freshness, Kept, Store};
use crate::clock::Tick;
use crate::policy::CacheSettings;

/// Kept answers, and the flights of those that are being fetched.
pub(crate) struct ResponseCache<K: 'static, T: 'static> {
    store: Store<K, T>,
    flights: DashMap<K, Arc<Flight<T>>>,
}

/// What a caller finds before its call.
pub(crate) enum Ahead<K: Hash + Eq + 'static, T: 'static> {
    /// An answer, at once; says whether it is stale.
    Hit(Arc<Kept<T>>, bool),
    /// Nobody is fetching the answer: the caller does, for all who come after it.
    Lead(Lead<K, T>),
    /// Somebody is, and there is no answer in the meantime.
    Wait(Waiter<K, T>),
}

/// What a waiter is told.
pub(crate) enum Told<K: Hash + Eq + 'static, T: 'static> {
    /// The answer of the call that led.
    Answer(Arc<Kept<T>>),
    /// To make the call itself.
    Lead(Lead<K, T>),
}

/// The duty to fetch an answer. When dropped, it passes to the next who waits.
#[must_use]
pub(crate) struct Lead<K: Hash + Eq + 'static, T: 'static>(Option<Seat<K, T>>);

/// A place among those who wait.
#[must_use]
pub(crate) struct Waiter<K: Hash + Eq + 'static, T: 'static> {
    seat: Option<Seat<K, T>>,
    place: u64,
}

struct Seat<K: 'static, T: 'static> {
    cache: &'static ResponseCache<K, T>,
    key: K,
    flight: Arc<Flight<T>>,
}

impl<K, T> ResponseCache<K, T>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    pub(super) fn new(capacity: u32) -> Self {
        Self { store: Store::new(capacity), flights: DashMap::new() }
    }

    /// Follows the capacity that is in force now.
    pub(crate) fn resize(&self, capacity: u32) {
        self.store.resize(capacity);
    }

    /// An answer that may still be served, and whether it is stale.
    pub(crate) fn get(&self, key: &K, now: Tick, settings: &CacheSettings) -> Option<(Arc<Kept<T>>, bool)> {
        let (kept, freshness) = self.store.get(key, now, settings)?;
        Some((kept, freshness == Freshness::Stale))
    }

    pub(crate) fn put(&self, key: K, kept: Arc<Kept<T>>) {
        self.store.put(key, kept);
    }

    /// What there is for a call of `ReadThrough`.
    pub(crate) fn ahead(&'static self, key: &K, now: Tick, settings: &CacheSettings) -> Ahead<K, T> {
        let stale = match self.get(key, now, settings) {
            Some((kept, false)) => return Ahead::Hit(kept, false),
            Some((kept, true)) => Some(kept),
            None => None,
        };
        let seat =
            |flight: &Arc<Flight<T>>| Seat { cache: self, key: key.clone(), flight: Arc::clone(flight) };
        match self.flights.entry(key.clone()) {
            Entry::Occupied(taken) => match stale {
                Some(kept) => Ahead::Hit(kept, true),
                None => Ahead::Wait(Waiter { place: taken.get().queue(), seat: Some(seat(taken.get())) }),
            },
            Entry::Vacant(free) => {
                // A flight that landed a moment ago has put its answer in before it went.
                match self.get(key, now, settings) {
                    Some((kept, false)) => Ahead::Hit(kept, false),
                    _ => Ahead::Lead(Lead(Some(seat(&free.insert(Arc::new(Flight::new())))))),
                }
            }
        }
    }
}

impl<K: Hash + Eq, T> Seat<K, T> {
    /// The flight goes from the table, unless another has its place by now.
    fn close(&self) {
        self.cache.flights.remove_if(&self.key, |_, flight| Arc::ptr_eq(flight, &self.flight));
    }

    /// Under the lock of the table's part, so that nobody joins a flight that ends.
    fn hand_over(&self, handover: Handover) {
        let mut heirs = None;
        self.cache.flights.remove_if(&self.key, |_, flight| {
            Arc::ptr_eq(flight, &self.flight) && heirs.insert(flight.hand_over(handover)).is_over
        });
        if let Some(heirs) = heirs {
            heirs.wake();
        }
    }
}

impl<K, T> Lead<K, T>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    /// Keeps the answer and gives it to all who wait.
    pub(crate) fn land(mut self, kept: Arc<Kept<T>>) {
        if let Some(seat) = self.0.take() {
            // First the answer, then the end of the flight: whoever finds no flight finds the answer.
            seat.cache.put(seat.key.clone(), Arc::clone(&kept));
            seat.close();
            seat.flight.land(kept);
        }
    }

    /// The call failed.
    pub(crate) fn fail(mut self) {
        if let Some(seat) = self.0.take() {
            seat.hand_over(Handover::Failed);
        }
    }
}

impl<K: Hash + Eq, T> Drop for Lead<K, T> {
    fn drop(&mut self) {
        if let Some(seat) = self.0.take() {
            seat.hand_over(Handover::Dropped);
        }
    }
}

impl<K: Hash + Eq, T> Waiter<K, T> {
    /// Waits for the answer, or for the lead when it is this one's turn.
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
}

impl<K: Hash + Eq, T> Drop for Waiter<K, T> {
    fn drop(&mut self) {
        if let Some(seat) = self.seat.take()
            && seat.flight.leave(self.place)
        {
            seat.hand_over(Handover::Dropped);
        }
    }
}

#[cfg(test)]
mod tests;
