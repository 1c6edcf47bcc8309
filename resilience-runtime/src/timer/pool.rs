//! Where entries come from: in goes the need for one, out comes one that is free, nearly always from a list of the
//! thread's own.
//!
//! An entry may be armed on one thread and dropped on another, so lists fill and empty; a list that is too long gives
//! half of it to the pool, and an empty one takes as many from there, under a lock. Entries are made in blocks when
//! the pool has none and are never freed: a guard is a plain reference to one, without a count that each arming would
//! have to change. So the table is as large as the most timers that were armed at once, and after a spike that memory
//! waits for the next one; the sweep does not go there meanwhile, as [`entry`](super::entry) says.

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

/// How many entries change hands at once. A block of them is one page, with one entry per cache line (a pair of
/// lines, where the processor fetches pairs), so that threads do not disturb each other.
pub(super) const BATCH: usize = if IS_EXPLORED { 2 } else { 32 };
/// How many a thread keeps: what it drops beyond goes to the pool.
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
    /// What was asleep and has been armed, or may be soon; the sweep has yet to hear of it.
    roused: Vec<&'static Place>,
}

/// Entries that were made together.
pub(super) type Block = [CachePadded<Place>; BATCH];

/// An entry that knows where it belongs.
pub(super) struct Place {
    pub(super) entry: Entry,
    pub(super) stand_in: StandIn,
    /// Which of all entries it is, in the order in which they were made.
    pub(super) number: usize,
    home: &'static Pool,
}

/// The free entries of a thread. They belong to one pool: the one it used last, as programs have only one.
struct Own {
    home: Option<&'static Pool>,
    free: Vec<&'static Place>,
}

per_thread! {
    static OWN: RefCell<Own> = const { RefCell::new(Own { home: None, free: Vec::new() }) };
}

impl Pool {
    /// An entry that is free.
    #[inline]
    pub(super) fn take(&'static self) -> &'static Place {
        OWN.try_with(|own| own.borrow_mut().take(self)).unwrap_or_else(|_| self.take_in_teardown())
    }

    /// Takes notice of the blocks made since it was called last, and takes what was roused, in exchange for an empty list.
    pub(super) fn learn(&self, known: &mut Vec<&'static Block>, roused: &mut Vec<&'static Place>) {
        let mut stock = self.stock();
        known.extend_from_slice(&stock.blocks[known.len()..]);
        mem::swap(&mut stock.roused, roused);
    }

    /// Has the sweep visit an entry again that was asleep.
    #[cold]
    pub(super) fn rouse(&self, place: &'static Place) {
        self.stock().roused.push(place);
    }

    /// For a thread that has no list any more.
    #[cold]
    fn take_in_teardown(&'static self) -> &'static Place {
        let mut batch = Vec::new();
        let place = self.fetch(&mut batch);
        self.stock().free.append(&mut batch);
        place
    }

    /// One entry, and the rest of a batch for the list.
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
        // All at once: after a spike each of the next one would otherwise take the lock when it is armed.
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

    /// How many entries there are.
    #[cfg(test)]
    pub(super) fn made(&self) -> usize {
        self.stock().blocks.len() * BATCH
    }
}

impl Place {
    /// Leaves what is armed here to one of tokio's timers.
    pub(super) fn pass_on(&self, time: Duration, cx: &mut Context<'_>) {
        if Handle::try_current().is_err() {
            // Polled outside of any runtime, so nobody else would wake it: it waits for the thread to be there.
            return;
        }
        self.stand_in.set(time);
        self.entry.pass_on();
        if self.stand_in.poll(cx).is_ready() {
            cx.waker().wake_by_ref();
        }
    }

    /// Ends what was passed on.
    #[cold]
    pub(super) fn take_back(&self) {
        self.stand_in.disarm();
        self.entry.forget();
    }

    /// Makes it free again. What it held has been cancelled before.
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
            // The ones that were not used for longest; the others may still be in the cache.
            self.give(BATCH);
        }
    }

    #[inline]
    fn serves(&self, pool: &Pool) -> bool {
        self.home.is_some_and(|home| ptr::eq(home, pool))
    }

    /// From now on the list is for this pool.
    fn serve(&mut self, pool: &'static Pool) {
        if !self.serves(pool) {
            self.give(self.free.len());
            self.home = Some(pool);
            self.free.reserve(KEPT);
        }
    }

    /// Gives so many back to the pool.
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
