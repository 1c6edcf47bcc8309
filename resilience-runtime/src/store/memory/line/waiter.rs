//! Waits in this process for a record to change. In: a record. Out: a task that is woken once it has.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Poll, Waker};

use super::{LATE, Place};
use crate::clock::Tick;
use crate::store::memory::records::{Guarded, Records};
use crate::store::record::RecordName;
use crate::sync::lock;
use crate::wakers::{Wakers, discard};

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

impl<V: Clone> Waiter<'_, V> {
    /// Until when the record is kept for another waiter that was called, and is not to be asked for. If that one is late, the
    /// next is called, which may be this one.
    pub(crate) fn kept_until(&self, now: Tick) -> Option<Tick> {
        if self.place.called.load(Ordering::SeqCst) {
            return None;
        }
        let (until, wakers) = self.records.within(self.name, |guarded, key, removed| {
            let Guarded { shard, line } = guarded;
            line.look((&self.name, &self.place), now, || !shard.has(key, now, removed))
        });
        wakers.wake();
        until
    }
}

impl<V> Waiter<'_, V> {
    /// Ready once the record has changed, as far as this process knows.
    pub(crate) fn poll(&self, waker: &Waker) -> Poll<()> {
        self.place.poll(waker)
    }

    /// When it looks again without being called: by then the record may be free, with nobody to say so.
    pub(crate) fn next_look(now: Tick) -> Tick {
        now.plus(LATE)
    }

    /// Takes note of the call, if there was one: the record is asked for now. Then it has to join again, to wait on.
    pub(crate) fn answer(&mut self) {
        self.was_first |= self.place.called.swap(false, Ordering::SeqCst);
    }

    /// Waits on, if it was called before.
    pub(crate) fn join(&mut self) {
        let mut guarded = lock(self.records.shard(&self.name));
        let places = &mut guarded.line.0.entry(self.name).or_default().places;
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
            let mut guarded = lock(self.records.shard(&self.name));
            guarded.line.leave(&self.name, &self.place);
            let is_called = self.place.called.load(Ordering::SeqCst);
            if is_called { guarded.line.call_next(&self.name, None) } else { Wakers::none() }
        };
        wakers.wake();
        discard(lock(&self.place.waker).take());
    }
}

impl<V> fmt::Debug for Waiter<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter").field("name", &self.name).finish_non_exhaustive()
    }
}
