//! Gives each thread a slot, which says which part of sharded counters it owns. In: threads that start and end. Out: the slot of
//! each thread while it lives, which says which part it owns.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::sync::{IS_EXPLORED, Mutex, MutexGuard, lock, per_thread};

/// How many threads can own a part: enough for a runtime on a large machine with all of its blocking threads, but
/// limited, as a sum reads the parts of all threads that were ever alive at once. Fewer under loom, as a model visits
/// each of them.
pub(crate) const EXCLUSIVE: usize = if IS_EXPLORED { 4 } else { 4096 };

/// The number of the part that all further threads share.
pub(super) const SHARED: usize = EXCLUSIVE;

per_thread! {
    /// The slot of the lease. Kept beside it, as reading a thread-local without a destructor is one load, while one
    /// with a destructor checks each time whether it is still alive.
    static SLOT: Cell<usize> = const { Cell::new(usize::MAX) };
    static LEASE: Lease = Lease::take();
}

/// The slot of the current thread; above all others if it has not asked for one.
#[inline]
pub(super) fn slot() -> usize {
    SLOT.with(Cell::get)
}

/// Assigns the current thread its slot.
#[cold]
#[inline(never)]
pub(super) fn first() -> usize {
    let slot = LEASE.try_with(|lease| lease.0).unwrap_or(SHARED);
    SLOT.with(|own| own.set(slot));
    slot
}

struct Lease(usize);

impl Lease {
    fn take() -> Self {
        Self(leases().take())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // First of all: what this thread counts from now on, during its teardown, goes to the shared part.
        if SLOT.try_with(|own| own.set(SHARED)).is_err() {
            // Fails only in a loom model that is over: its leases are gone as well.
            return;
        }
        leases().give_back(self.0);
    }
}

struct Leases {
    issued: usize,
    free: BinaryHeap<Reverse<usize>>,
}

impl Leases {
    const NONE: Self = Self { issued: 0, free: BinaryHeap::new() };

    /// The lowest free slot, so that as few parts are allocated as threads were alive at once, and most of them
    /// directly.
    fn take(&mut self) -> usize {
        if let Some(Reverse(lowest)) = self.free.pop() {
            return lowest;
        }
        let next = self.issued.min(SHARED);
        self.issued = next + 1;
        next
    }

    fn give_back(&mut self, number: usize) {
        if number != SHARED {
            self.free.push(Reverse(number));
        }
    }
}

/// Which slots are taken. They are global and not per registry, like the thread-locals below: a thread has the same
/// slot in all registries.
#[cfg(not(all(test, resilience_loom)))]
static LEASES: Mutex<Leases> = Mutex::new(Leases::NONE);
#[cfg(all(test, resilience_loom))]
loom::lazy_static! {
    static ref LEASES: Mutex<Leases> = Mutex::new(Leases::NONE);
}

fn leases() -> MutexGuard<'static, Leases> {
    // Under loom it is a value that is made at its first use, and so a reference to one only here.
    let leases: &'static Mutex<Leases> = &LEASES;
    lock(leases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_free_number_is_given_out_and_the_shared_one_when_there_is_none() {
        let mut leases = Leases::NONE;
        assert!((0..EXCLUSIVE).all(|number| leases.take() == number));
        assert_eq!((leases.take(), leases.take()), (SHARED, SHARED));
        for number in [SHARED, 70, 3] {
            leases.give_back(number);
        }
        assert_eq!([(); 3].map(|()| leases.take()), [3, 70, SHARED]);
    }
}
