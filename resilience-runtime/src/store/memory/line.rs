//! Who waits in this process for a record to change. In: that it was released, or completed. Out: the wakers of one task, or
//! of all, and each waiter learns that it was called.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

use super::records::Records;
use crate::store::record::RecordName;
use crate::wakers::{Wakers, discard};

/// The waiting tasks of one shard, first come first called. Whoever is called is out of the line.
#[derive(Debug, Default)]
pub(super) struct Line(HashMap<RecordName, VecDeque<Arc<Place>>>);

#[derive(Debug, Default)]
struct Place {
    called: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Line {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The record can be claimed: calls whoever waits for longest. One that has no use for it calls the next.
    pub(super) fn call_next(&mut self, name: &RecordName) -> Wakers {
        let mut wakers = Wakers::none();
        if let Some(places) = self.0.get_mut(name) {
            if let Some(place) = places.pop_front() {
                wakers.push(place.call());
            }
            if places.is_empty() {
                self.0.remove(name);
            }
        }
        wakers
    }

    /// The record has a result, which is for all.
    pub(super) fn call_all(&mut self, name: &RecordName) -> Wakers {
        let mut wakers = Wakers::none();
        if self.0.is_empty() {
            return wakers;
        }
        for place in self.0.remove(name).unwrap_or_default() {
            wakers.push(place.call());
        }
        wakers
    }

    fn leave(&mut self, name: &RecordName, place: &Arc<Place>) {
        if let Some(places) = self.0.get_mut(name) {
            places.retain(|other| !Arc::ptr_eq(other, place));
            if places.is_empty() {
                self.0.remove(name);
            }
        }
    }

    /// How many records are waited for.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Place {
    fn call(&self) -> Option<Waker> {
        // In this order, and in the reverse one in `poll`: one of both sees the other.
        self.called.store(true, Ordering::SeqCst);
        self.waker.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn poll(&self, waker: &Waker) -> Poll<()> {
        let waker = Some(waker.clone());
        let old = std::mem::replace(&mut *self.waker.lock().unwrap_or_else(PoisonError::into_inner), waker);
        discard(old);
        if self.called.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// A task that waits for a record to change. It asks again for the record once it is called, and [joins](Self::join) again
/// if it may not have it.
///
/// Dropped after it was called, and before it has asked, it calls the next.
pub(crate) struct Waiter<'store, V> {
    records: &'store Records<V>,
    name: RecordName,
    place: Arc<Place>,
    /// It was called before, and has been overtaken: it goes to the front.
    was_first: bool,
}

impl<V> Records<V> {
    /// Joins the line for a record. What changes from now on is not missed: whoever was told just before that the record is
    /// running has to ask once more before it waits.
    pub(crate) fn waiter(&self, name: RecordName) -> Waiter<'_, V> {
        let mut waiter = Waiter { records: self, name, place: Arc::default(), was_first: false };
        waiter.join();
        waiter
    }
}

impl<V> Waiter<'_, V> {
    /// Ready once the record has changed, as far as this process knows.
    pub(crate) fn poll(&self, waker: &Waker) -> Poll<()> {
        self.place.poll(waker)
    }

    /// Takes note of the call, if there was one: the record is asked for now. Then it has to join again, to wait on.
    pub(crate) fn answer(&mut self) {
        self.was_first |= self.place.called.swap(false, Ordering::SeqCst);
    }

    /// Waits on, if it was called before.
    pub(crate) fn join(&mut self) {
        let mut guarded = self.records.shard(&self.name).lock().unwrap_or_else(PoisonError::into_inner);
        let places = guarded.line.0.entry(self.name).or_default();
        if places.iter().any(|place| Arc::ptr_eq(place, &self.place)) {
            return;
        }
        let place = Arc::clone(&self.place);
        if self.was_first { places.push_front(place) } else { places.push_back(place) }
    }
}

impl<V> Drop for Waiter<'_, V> {
    fn drop(&mut self) {
        let wakers = {
            let mut guarded = self.records.shard(&self.name).lock().unwrap_or_else(PoisonError::into_inner);
            guarded.line.leave(&self.name, &self.place);
            let is_called = self.place.called.load(Ordering::SeqCst);
            if is_called { guarded.line.call_next(&self.name) } else { Wakers::none() }
        };
        wakers.wake();
        discard(self.place.waker.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl<V> fmt::Debug for Waiter<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter").field("name", &self.name).finish_non_exhaustive()
    }
}
