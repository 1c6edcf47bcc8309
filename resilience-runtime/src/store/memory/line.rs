//! Wakes the tasks of this process that wait for a record to change. In: that it was released, or completed. Out: the wakers of one
//! task, or of all, and each waiter learns that it was called.
//!
//! A waiter that is called may not be polled: its task is stuck behind another, or nobody polls it, which is legal (`select!`
//! on a reference, a stream of futures with a slow consumer). So a record that was not come for within [`LATE`] is *also* the
//! next waiter's, and so on; the first of them to be polled takes it. Those in the line look after this themselves, as there may
//! be nobody to wake them.

pub(super) mod waiter;

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use crate::clock::Tick;
use crate::store::record::RecordName;
use crate::sync::lock;
use crate::wakers::{Wakers, discard};

/// How long a record that has come free is kept for whoever was called, and how often those in the line look for themselves: a
/// hundred times the duration of a wake-up in a runtime that is not overloaded.
pub(super) const LATE: Duration = Duration::from_millis(100);

/// The waiting tasks of one shard, first come first called. Whoever is called is out of the line.
#[derive(Debug, Default)]
pub(super) struct Line(HashMap<RecordName, Queue>);

/// The waiting tasks of one record.
#[derive(Debug, Default)]
struct Queue {
    places: VecDeque<Arc<Place>>,
    /// When the record came free and one was called, or the last one after that.
    called: Option<Tick>,
}

#[derive(Debug, Default)]
struct Place {
    called: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Line {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The record can be claimed: calls whoever waits for longest. One that goes calls the next without knowing the time: what
    /// it had left is for that one.
    pub(super) fn call_next(&mut self, name: &RecordName, now: Option<Tick>) -> Wakers {
        let mut wakers = Wakers::none();
        if let Some(queue) = self.0.get_mut(name) {
            queue.called = now.or(queue.called);
            if let Some(place) = queue.places.pop_front() {
                wakers.push(place.call());
            }
            if queue.places.is_empty() {
                self.0.remove(name);
            }
        }
        wakers
    }

    /// A waiter looks for itself. Until when the record is kept for another, which was called, now perhaps; `None` if the one
    /// that looks may ask for it.
    fn look(
        &mut self,
        (name, place): (&RecordName, &Arc<Place>),
        now: Tick,
        is_free: impl FnOnce() -> bool,
    ) -> (Option<Tick>, Wakers) {
        let Some(queue) = self.0.get_mut(name) else { return (None, Wakers::none()) };
        match queue.called.map(|called| called.plus(LATE)) {
            Some(until) if now < until => return (Some(until), Wakers::none()),
            // Whoever was called has come for it, or nobody was.
            Some(_) if !is_free() => queue.called = None,
            None => {}
            Some(_) if queue.places.front().is_none_or(|first| Arc::ptr_eq(first, place)) => {}
            Some(_) => return (Some(now.plus(LATE)), self.call_next(name, Some(now))),
        }
        (None, Wakers::none())
    }

    /// The record has a result, which is for all.
    pub(super) fn call_all(&mut self, name: &RecordName) -> Wakers {
        let mut wakers = Wakers::none();
        if self.0.is_empty() {
            return wakers;
        }
        for place in self.0.remove(name).unwrap_or_default().places {
            wakers.push(place.call());
        }
        wakers
    }

    fn leave(&mut self, name: &RecordName, place: &Arc<Place>) {
        if let Some(queue) = self.0.get_mut(name) {
            queue.places.retain(|other| !Arc::ptr_eq(other, place));
            if queue.places.is_empty() {
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
        lock(&self.waker).take()
    }

    fn poll(&self, waker: &Waker) -> Poll<()> {
        let waker = Some(waker.clone());
        let old = std::mem::replace(&mut *lock(&self.waker), waker);
        discard(old);
        if self.called.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    }
}
