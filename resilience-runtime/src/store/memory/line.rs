//! Who waits in this process for a record to change. In: that it was released, or completed. Out: the wakers of one task, or
//! of all, and each waiter learns that it was called.

pub(super) mod waiter;

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

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
