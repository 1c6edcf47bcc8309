//! Finds the flight under way for a key, or begins one. In: a key. Out: a place in its flight, or a new flight to lead.

use std::sync::Arc;

use super::buckets::{Buckets, HasBuckets, find_or};
use super::flight::{Flight, LeadLimit};
use crate::clock::Tick;
use crate::sync::{Mutex, MutexGuard, lock};

/// The flights of one cache.
pub(super) struct Flights<K, T> {
    under_way: Mutex<UnderWay<K, T>>,
}

struct UnderWay<K, T>(Buckets<Flight<K, T>>);

impl<K, T> HasBuckets<Flight<K, T>> for UnderWay<K, T> {
    fn buckets(&self) -> &Buckets<Flight<K, T>> {
        &self.0
    }
}

/// What a caller has to do.
pub(super) enum Boarding<K, T> {
    /// Fetch the answer, for all who come after it.
    Lead(Arc<Flight<K, T>>),
    /// Wait at that place for the answer that another caller fetches.
    Wait(Arc<Flight<K, T>>, u64),
}

impl<K: Eq + Clone, T> Flights<K, T> {
    pub(super) fn new() -> Self {
        Self { under_way: Mutex::new(UnderWay(Buckets::default())) }
    }

    /// Whether another caller is fetching the answer now.
    pub(super) fn has(&self, hash: u64, key: &K) -> bool {
        let is = |flight: &Flight<K, T>| flight.key == *key && !flight.is_over();
        find_or(|| self.lock(), hash, is, drop).is_ok()
    }

    /// Joins the flight of a key, or starts one.
    pub(super) fn board(&self, hash: u64, key: &K, limit: LeadLimit, now: Tick) -> Boarding<K, T> {
        // Before the lock: cloning the key is user code.
        let new = Arc::new(Flight::new(hash, key.clone(), limit, now));
        let mut place = None;
        let is = |flight: &Flight<K, T>| {
            // A flight that is over is about to be removed.
            flight.key == *key && {
                place = flight.queue(limit);
                place.is_some()
            }
        };
        let begin = |mut under_way: MutexGuard<'_, UnderWay<K, T>>| under_way.0.push(hash, Arc::clone(&new));
        match (find_or(|| self.lock(), hash, is, begin), place) {
            (Ok(flight), Some(place)) => Boarding::Wait(flight, place),
            _ => Boarding::Lead(new),
        }
    }
}

impl<K, T> Flights<K, T> {
    /// Removes a flight that is over.
    pub(super) fn remove(&self, flight: &Arc<Flight<K, T>>) {
        let removed = self.lock().0.remove(flight.hash, flight);
        // Dropped outside of the lock, as it may be the last reference to the key and the answer.
        drop(removed);
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.lock().0.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, UnderWay<K, T>> {
        lock(&self.under_way)
    }
}
