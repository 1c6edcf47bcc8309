//! Gives out entries of timers, and takes them back. In: requests for a batch of entries, and entries that are no longer used. Out:
//! free entries, which nearly always come from the [list](super::thread_list) of the current thread instead.
//!
//! An entry may be armed on one thread and dropped on another, so the lists of threads fill and empty: a list that is
//! too long gives half of its entries to the pool, and an empty one takes a batch from there, under a lock. Entries are
//! made in blocks when the pool has none, and are never freed: a guard is a plain reference to an entry, without a
//! reference count that each arming would have to change. So the table is as large as the most timers that were ever
//! armed at once. After a spike, that memory is kept for the next one; the sweep does not visit it meanwhile, as
//! [`entry`](super::entry) explains.

use std::task::Context;
use std::time::Duration;
use std::{array, mem};

use crossbeam_utils::CachePadded;
use tokio::runtime::Handle;

use super::entry::Entry;
use super::stand_in::StandIn;
use crate::sync::{IS_EXPLORED, Mutex, MutexGuard, lock};

/// How many entries move between a thread and the pool at once. A block is one page with one entry per cache line (a
/// pair of lines, where the processor fetches pairs), so that threads do not share lines.
pub(super) const BATCH: usize = if IS_EXPLORED { 2 } else { 32 };

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
    pub(super) home: &'static Pool,
}

impl Pool {
    /// Free entries come back.
    pub(super) fn extend(&self, places: impl IntoIterator<Item = &'static Place>) {
        self.stock().free.extend(places);
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

    /// Returns one entry, and puts the rest of a batch into `batch`.
    pub(super) fn fetch(&'static self, batch: &mut Vec<&'static Place>) -> &'static Place {
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
        lock(&self.stock)
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
}
