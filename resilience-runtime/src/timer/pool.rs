//! Where entries come from. In: requests for an entry, and entries that are no longer used. Out: a free entry, nearly
//! always from a list of the current thread.
//!
//! An entry may be armed on one thread and dropped on another, so the lists of threads fill and empty: a list that is
//! too long gives half of its entries to the pool, and an empty one takes a batch from there, under a lock. Entries are
//! made in blocks when the pool has none, and are never freed: a guard is a plain reference to an entry, without a
//! reference count that each arming would have to change. So the table is as large as the most timers that were ever
//! armed at once. After a spike, that memory is kept for the next one; the sweep does not visit it meanwhile, as
//! [`entry`](super::entry) explains.

use std::cell::RefCell;
use std::sync::PoisonError;
use std::task::Context;
use std::time::Duration;
use std::{array, mem, ptr};

use crossbeam_utils::CachePadded;
use tokio::runtime::Handle;

use super::entry::Entry;
use super::stand_in::StandIn;
use crate::sync::{IS_EXPLORED, Mutex, MutexGuard, per_thread};

/// How many entries move between a thread and the pool at once. A block is one page with one entry per cache line (a
/// pair of lines, where the processor fetches pairs), so that threads do not share lines.
pub(super) const BATCH: usize = if IS_EXPLORED { 2 } else { 32 };
/// How many free entries a thread keeps: beyond that, it returns a batch to the pool.
const KEPT: usize = 2 * BATCH;

/// The entries of one registry.
#[derive(Default)]
pub(super) struct Pool {
    stock: Mutex<Stock>,
}

#[derive(Default)]
struct Stock {
    free: Vec<&'static Place>,
    blocks: Vec<&'static Block>,
    /// Entries that were asleep and have been armed, or may be soon; the sweep has not collected them yet.
    roused: Vec<&'static Place>,
}

/// A block of entries, made together.
pub(super) type Block = [CachePadded<Place>; BATCH];

/// An entry, with its position in the table and the pool it belongs to.
pub(super) struct Place {
    pub(super) entry: Entry,
    pub(super) stand_in: StandIn,
    /// The index of the entry, in the order in which entries were made.
    pub(super) number: usize,
    home: &'static Pool,
}

/// The free entries of a thread. They belong to one pool, the one that the thread used last: nearly every program has
/// only one.
struct Own {
    home: Option<&'static Pool>,
    free: Vec<&'static Place>,
}

per_thread! {
    static OWN: RefCell<Own> = const { RefCell::new(Own { home: None, free: Vec::new() }) };
}

impl Pool {
    /// A free entry.
    #[inline]
    pub(super) fn take(&'static self) -> &'static Place {
        OWN.try_with(|own| own.borrow_mut().take(self)).unwrap_or_else(|_| self.take_in_teardown())
    }

    /// Adds to `known` the blocks made since the last call, and exchanges the empty list `roused` for the roused
    /// entries.
    pub(super) fn learn(&self, known: &mut Vec<&'static Block>, roused: &mut Vec<&'static Place>) {
        let mut stock = self.stock();
        known.extend_from_slice(&stock.blocks[known.len()..]);
        mem::swap(&mut stock.roused, roused);
    }

    /// Has the sweep visit an entry that was asleep.
    #[cold]
    pub(super) fn rouse(&self, place: &'static Place) {
        self.stock().roused.push(place);
    }

    /// For a thread in teardown, which has no list any more.
    #[cold]
    fn take_in_teardown(&'static self) -> &'static Place {
        let mut batch = Vec::new();
        let place = self.fetch(&mut batch);
        self.stock().free.append(&mut batch);
        place
    }

    /// Returns one entry, and puts the rest of a batch into the list.
    fn fetch(&'static self, batch: &mut Vec<&'static Place>) -> &'static Place {
        let mut stock = self.stock();
        let Some(place) = stock.free.pop() else {
            let block = self.make(stock.blocks.len());
            stock.blocks.push(block);
            let [first, others @ ..] = block;
            batch.extend(others.iter().map(|place| &**place));
            return first;
        };
        let rest = stock.free.len().saturating_sub(BATCH - 1);
        batch.extend(stock.free.drain(rest..));
        drop(stock);
        // The whole batch at once: otherwise, in the spike after a spike, each entry would take the lock when it is
        // armed.
        let mut roused: Vec<_> = batch.iter().copied().filter(|place| place.entry.rouse()).collect();
        if !roused.is_empty() {
            self.stock().roused.append(&mut roused);
        }
        place
    }

    fn make(&'static self, number: usize) -> &'static Block {
        let place = |nth| Place {
            entry: Entry::new(),
            stand_in: StandIn::new(),
            number: number * BATCH + nth,
            home: self,
        };
        Box::leak(Box::new(array::from_fn(|nth| CachePadded::new(place(nth)))))
    }

    fn stock(&self) -> MutexGuard<'_, Stock> {
        self.stock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many entries have been made.
    #[cfg(test)]
    pub(super) fn made(&self) -> usize {
        self.stock().blocks.len() * BATCH
    }
}

impl Place {
    /// Has a tokio timer stand in for the timer that is armed here.
    pub(super) fn pass_on(&self, time: Duration, cx: &mut Context<'_>) {
        if Handle::try_current().is_err() {
            // Outside of any runtime there is no tokio timer either: the timer waits until a later arming can start the
            // thread.
            return;
        }
        self.stand_in.set(time);
        self.entry.pass_on();
        if self.stand_in.poll(cx).is_ready() {
            cx.waker().wake_by_ref();
        }
    }

    /// Ends the tokio timer that stands in.
    #[cold]
    pub(super) fn take_back(&self) {
        self.stand_in.disarm();
        self.entry.forget();
    }

    /// Returns the entry to the free list. Its timer has been cancelled before.
    #[inline]
    pub(super) fn put_back(&'static self) {
        if OWN.try_with(|own| own.borrow_mut().put_back(self)).is_err() {
            // A thread in teardown has no list any more.
            self.home.stock().free.push(self);
        }
    }
}

impl Own {
    #[inline]
    fn take(&mut self, pool: &'static Pool) -> &'static Place {
        if self.serves(pool)
            && let Some(place) = self.free.pop()
        {
            return place;
        }
        self.take_from(pool)
    }

    #[cold]
    fn take_from(&mut self, pool: &'static Pool) -> &'static Place {
        self.serve(pool);
        pool.fetch(&mut self.free)
    }

    #[inline]
    fn put_back(&mut self, place: &'static Place) {
        if self.free.len() >= KEPT || !self.serves(place.home) {
            self.make_room_for(place.home);
        }
        self.free.push(place);
    }

    #[cold]
    fn make_room_for(&mut self, pool: &'static Pool) {
        self.serve(pool);
        if self.free.len() >= KEPT {
            // The ones unused for longest: the others may still be in the cache.
            self.give(BATCH);
        }
    }

    #[inline]
    fn serves(&self, pool: &Pool) -> bool {
        self.home.is_some_and(|home| ptr::eq(home, pool))
    }

    /// Makes this the list of the given pool.
    fn serve(&mut self, pool: &'static Pool) {
        if !self.serves(pool) {
            self.give(self.free.len());
            self.home = Some(pool);
            self.free.reserve(KEPT);
        }
    }

    /// Returns the given number of entries to the pool.
    fn give(&mut self, count: usize) {
        if let Some(home) = self.home {
            home.stock().free.extend(self.free.drain(..count));
        }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        self.give(self.free.len());
    }
}
