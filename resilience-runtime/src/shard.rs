//! Counters that many threads write and few read: one part per thread, so that no cache line travels.
//!
//! Each of the first [`EXCLUSIVE`] threads alive owns a part and adds to it with a plain load and store (0.6 ns
//! against 5 to 8 for an atomic add). Further threads share the last part and pay for the atomic add. A
//! thread that ends hands its part on through a mutex, which orders its writes before the next owner's.

use std::cell::Cell;
use std::sync::PoisonError;

use crossbeam_utils::CachePadded;

use crate::sync::atomic::{AtomicU64, Ordering, fence};
use crate::sync::{IS_EXPLORED, Mutex, OnceBox, per_thread};

/// How many threads own a part. Enough for the workers of a large machine; a part that is never used costs
/// one word per service. A model has to look at each of them.
pub(crate) const EXCLUSIVE: usize = if IS_EXPLORED { 2 } else { 64 };
const SHARED: usize = EXCLUSIVE;

/// Which part the current thread writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(usize);

/// Proof that nobody else writes the part. Whoever makes several additions asks for it once, and saves the question
/// in each of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own(());

/// Whoever adds to the counters of a part: its owner with a plain load and store, others with an atomic step.
pub(crate) trait Writer: Copy {
    /// The proof, when nobody else writes the part.
    fn own(self) -> Option<Own>;

    /// Adds to a counter of the part.
    #[inline]
    fn add(self, counter: &AtomicU64, by: u64) {
        if self.own().is_some() {
            counter.store(counter.load(Ordering::Relaxed).wrapping_add(by), Ordering::Relaxed);
        } else {
            counter.fetch_add(by, Ordering::Relaxed);
        }
    }

    /// Replaces a counter of the part by a function of it.
    #[inline]
    fn update(self, counter: &AtomicU64, change: impl Fn(u64) -> u64) {
        if self.own().is_some() {
            counter.store(change(counter.load(Ordering::Relaxed)), Ordering::Relaxed);
        } else {
            let _ = counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |old| Some(change(old)));
        }
    }
}

impl Writer for Own {
    #[inline]
    fn own(self) -> Option<Self> {
        Some(self)
    }
}

impl Writer for Slot {
    #[inline]
    fn own(self) -> Option<Own> {
        (self.0 != SHARED).then_some(Own(()))
    }
}

impl Slot {
    /// A slot that a test names.
    #[cfg(test)]
    pub(crate) fn nth(place: usize) -> Self {
        Self(place.min(SHARED))
    }

    /// The slot of the current thread.
    #[inline]
    pub(crate) fn current() -> Self {
        let number = NUMBER.with(Cell::get);
        if number <= SHARED { Self(number) } else { Self::first() }
    }

    /// The slot of the current thread with the proof that it has a part of its own; `None` when it has not, or has
    /// not asked for its slot before.
    #[inline]
    pub(crate) fn of_owner() -> Option<(Self, Own)> {
        let number = NUMBER.with(Cell::get);
        (number < EXCLUSIVE).then_some((Self(number), Own(())))
    }

    #[cold]
    #[inline(never)]
    fn first() -> Self {
        let number = LEASE.try_with(|lease| lease.0).unwrap_or(SHARED);
        NUMBER.with(|own| own.set(number));
        Self(number)
    }
}

struct Lease(usize);

impl Lease {
    fn take() -> Self {
        let mut leases = LEASES.lock().unwrap_or_else(PoisonError::into_inner);
        Self(leases.free.pop().unwrap_or_else(|| {
            let next = leases.issued.min(SHARED);
            leases.issued = next + 1;
            next
        }))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // First: what this thread counts from now on, while it is torn down, it counts in the shared part.
        NUMBER.with(|own| own.set(SHARED));
        if self.0 != SHARED {
            LEASES.lock().unwrap_or_else(PoisonError::into_inner).free.push(self.0);
        }
    }
}

struct Leases {
    issued: usize,
    free: Vec<usize>,
}

impl Leases {
    const NONE: Self = Self { issued: 0, free: Vec::new() };
}

/// Which parts have an owner. It goes with the thread-locals below and not with a registry: a thread has the
/// same slot in all of them.
#[cfg(not(all(test, resilience_loom)))]
static LEASES: Mutex<Leases> = Mutex::new(Leases::NONE);
#[cfg(all(test, resilience_loom))]
loom::lazy_static! {
    static ref LEASES: Mutex<Leases> = Mutex::new(Leases::NONE);
}

per_thread! {
    /// The number of the lease. Beside it, since a thread-local without a destructor is one load, where one with a
    /// destructor asks each time whether it still lives.
    static NUMBER: Cell<usize> = const { Cell::new(usize::MAX) };
    static LEASE: Lease = Lease::take();
}

/// One `T` per thread, made when a thread first needs it.
///
/// The pointers to the parts lie in it and not behind one of their own, which every look would have to follow.
#[derive(Debug)]
pub(crate) struct Sharded<T> {
    parts: [OnceBox<CachePadded<T>>; EXCLUSIVE + 1],
}

impl<T: Default> Sharded<T> {
    pub(crate) fn new() -> Self {
        Self { parts: std::array::from_fn(|_| OnceBox::new()) }
    }

    /// The part of a slot; allocates the first time.
    #[inline]
    pub(crate) fn part(&self, slot: Slot) -> &T {
        match self.parts[slot.0].get() {
            Some(part) => part,
            None => self.make(slot),
        }
    }

    /// The part of a slot, unless it has yet to be made.
    #[inline]
    pub(crate) fn made(&self, slot: Slot) -> Option<&T> {
        self.parts[slot.0].get().map(|part| &**part)
    }

    #[cold]
    fn make(&self, slot: Slot) -> &T {
        let part = self.parts[slot.0].get_or_init(Box::default);
        // Who does not see it when they look through all parts, after a fence of theirs, is seen by its owner.
        fence(Ordering::SeqCst);
        part
    }

    /// Every part that has been made.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.parts.iter().filter_map(|part| part.get().map(|part| &**part))
    }
}

/// One `T` per thread, for sums: sharded on its own, or a field of something larger that is.
pub(crate) trait Parts<T> {
    /// Every part that has been made.
    fn iter<'a>(&'a self) -> impl Iterator<Item = &'a T>
    where
        T: 'a;
}

impl<T: Default> Parts<T> for Sharded<T> {
    fn iter<'a>(&'a self) -> impl Iterator<Item = &'a T>
    where
        T: 'a,
    {
        self.iter()
    }
}

impl<T: Default> Default for Sharded<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Counter(AtomicU64);

    #[test]
    fn no_addition_is_lost_with_more_threads_than_parts_and_threads_that_end() {
        let counters = Sharded::<Counter>::new();
        for _ in 0..2 {
            std::thread::scope(|scope| {
                for _ in 0..EXCLUSIVE + 20 {
                    scope.spawn(|| {
                        for _ in 0..1_000 {
                            let slot = Slot::current();
                            slot.add(&counters.part(slot).0, 1);
                        }
                    });
                }
            });
        }
        let sum: u64 = counters.iter().map(|part| part.0.load(Ordering::Relaxed)).sum();
        assert_eq!(sum, 2 * 1_000 * (EXCLUSIVE as u64 + 20));
    }

    /// Counts once more when the thread-locals of its thread are dropped.
    struct Late<'a>(&'a Sharded<Counter>);

    thread_local! {
        static LATE: Cell<Option<Late<'static>>> = const { Cell::new(None) };
    }

    impl Drop for Late<'_> {
        fn drop(&mut self) {
            let slot = Slot::current();
            slot.add(&self.0.part(slot).0, 1);
        }
    }

    #[test]
    fn a_thread_that_is_torn_down_counts_in_a_part_that_is_not_handed_on() {
        let counters: &'static Sharded<Counter> = Box::leak(Box::default());
        for _ in 0..2_000 {
            std::thread::spawn(move || {
                // Made before the lease, so dropped after it.
                LATE.set(Some(Late(counters)));
                let slot = Slot::current();
                slot.add(&counters.part(slot).0, 1);
                assert_eq!(slot, Slot::current());
            })
            .join()
            .expect("the thread ends well");
        }
        let sum: u64 = counters.iter().map(|part| part.0.load(Ordering::Relaxed)).sum();
        let shared = counters.part(Slot(SHARED)).0.load(Ordering::Relaxed);
        assert_eq!(sum, 4_000);
        assert!(shared >= 2_000, "{shared} of 2,000 late ones");
    }
}
