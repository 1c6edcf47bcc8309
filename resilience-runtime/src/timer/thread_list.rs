//! Keeps free entries of timers for the current thread. In: requests for an entry, and entries that are no longer used. Out: a free
//! entry, nearly always without the lock of the [pool](super::pool).
//!
//! Each time limit takes an entry and puts it back, so both are a few loads and stores. A thread-local with a destructor is
//! asked at each access whether it is still there, and a `RefCell` whether it is borrowed: the list has neither. It is
//! cells, and its destructor is that of another thread-local, [`RETURN`], which is looked at only where the pool is
//! asked. The rule that keeps this sound: **a list serves a pool only while [`RETURN`] is there**, so that an entry in it
//! always comes back to its pool.

use std::cell::Cell;
use std::ptr;

use super::pool::{BATCH, Place, Pool};
use crate::sync::{IS_EXPLORED, per_thread};

/// How many free entries a thread keeps: beyond that, it returns a batch to the pool.
const KEPT: usize = 2 * BATCH;

/// They belong to one pool, the one that the thread used last: nearly every program has only one.
struct List {
    /// `None` before the first entry, and in the teardown of the thread.
    home: Cell<Option<&'static Pool>>,
    count: Cell<usize>,
    /// The first `count` of them; what stands behind these is left from before.
    free: [Cell<Option<&'static Place>>; KEPT],
}

/// Empties the list at the end of the thread.
struct Return;

per_thread! {
    static LIST: List = const { List::new() };
    static RETURN: Return = const { Return };
}

impl Pool {
    /// A free entry.
    #[inline]
    pub(super) fn take(&'static self) -> &'static Place {
        match LIST.try_with(|list| list.take(self)) {
            Ok(Some(place)) => place,
            _ => self.take_batch(),
        }
    }

    /// Takes a batch: one entry of it, and the rest for the list of the thread.
    #[cold]
    #[inline(never)]
    fn take_batch(&'static self) -> &'static Place {
        let mut batch = Vec::new();
        let place = self.fetch(&mut batch);
        refill(self, &batch);
        place
    }
}

impl Place {
    /// Returns the entry to the free list. Its timer has been cancelled before.
    #[inline]
    pub(super) fn put_back(&'static self) {
        if !put_back(self, self.home) {
            self.put_back_with_others();
        }
    }

    /// The same where the list of the thread is full or serves another pool.
    #[cold]
    #[inline(never)]
    fn put_back_with_others(&'static self) {
        refill(self.home, &[self]);
    }

    /// Ends the tokio timer that stands in, and returns the entry.
    #[cold]
    #[inline(never)]
    pub(super) fn take_back(&'static self) {
        self.stand_in.disarm();
        self.entry.forget();
        self.put_back();
    }
}

/// Puts entries of that pool, a batch at most, into the list, which serves that pool from now on. In the teardown of the
/// thread, which has no list any more, they go to the pool.
fn refill(pool: &'static Pool, batch: &[&'static Place]) {
    if RETURN.try_with(|_| ()).is_ok() {
        // If it fails, none of them finds room.
        let _ = LIST.try_with(|list| list.make_room_for(batch.len(), pool));
    }
    for place in batch {
        if !put_back(place, pool) {
            pool.extend([*place]);
        }
    }
}

/// Puts an entry of that pool back; `false` if the list is full, or serves another pool or none.
#[inline]
fn put_back(place: &'static Place, pool: &'static Pool) -> bool {
    LIST.try_with(|list| list.put_back(place, pool)).unwrap_or(false)
}

impl List {
    const fn new() -> Self {
        Self { home: Cell::new(None), count: Cell::new(0), free: [const { Cell::new(None) }; KEPT] }
    }

    #[inline]
    fn take(&self, pool: &'static Pool) -> Option<&'static Place> {
        if !self.serves(pool) {
            return None;
        }
        // Of an empty list, this is a place that there is not.
        let last = self.count.get().wrapping_sub(1);
        let place = self.free.get(last)?.get()?;
        self.count.set(last);
        Some(place)
    }

    #[inline]
    fn put_back(&self, place: &'static Place, pool: &'static Pool) -> bool {
        let count = self.count.get();
        let Some(free) = self.free.get(count) else { return false };
        if !self.serves(pool) {
            return false;
        }
        free.set(Some(place));
        self.count.set(count + 1);
        true
    }

    #[inline]
    fn serves(&self, pool: &Pool) -> bool {
        self.home.get().is_some_and(|home| ptr::eq(home, pool))
    }

    /// Makes this the list of the given pool, with room for so many more.
    fn make_room_for(&self, more: usize, pool: &'static Pool) {
        if !self.serves(pool) {
            self.give(self.count.get());
            self.home.set(Some(pool));
        } else if self.count.get() + more > KEPT {
            // The ones unused for longest: the others may still be in the cache.
            self.give(BATCH);
        }
    }

    /// Returns the first so many entries to the pool.
    fn give(&self, given: usize) {
        let Some(home) = self.home.get() else { return };
        home.extend(self.free[..given].iter().filter_map(Cell::get));
        let left = self.count.get() - given;
        for place in 0..left {
            self.free[place].set(self.free[place + given].get());
        }
        self.count.set(left);
    }
}

impl Drop for Return {
    fn drop(&mut self) {
        // A model that has failed is gone by now, and asking it for anything would be a second panic.
        if IS_EXPLORED && std::thread::panicking() {
            return;
        }
        // It fails in a model, where thread-locals go all at once: those entries are lost with the model.
        let _ = LIST.try_with(|list| {
            list.give(list.count.get());
            list.home.set(None);
        });
    }
}
