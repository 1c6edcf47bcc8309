//! Keeps a part of some counters for each thread, so that no cache line moves between processors. In: adds of each thread. Out: all
//! parts, for readers that add them up: those of a service, `registry/service/counter_sums`.
//!
//! Each of the first [`EXCLUSIVE`] threads alive owns a part and adds to it with a plain load and store (0.6 ns,
//! against 5 to 8 ns for an atomic add). Further threads share one part and pay for the atomic add. A thread that ends
//! hands its part on through a mutex, which orders its writes before those of the next owner.

mod lease;

use std::marker::PhantomData;
use std::slice;

use crossbeam_utils::CachePadded;

pub(crate) use self::lease::EXCLUSIVE;
use self::lease::SHARED;
use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering, fence};
use crate::sync::{IS_EXPLORED, OnceBox, empty_boxes};

/// How many parts each [`Sharded`] holds directly: enough for the workers of most programs. An unused part costs one
/// word per service; further parts come in segments of the same size, allocated on demand.
pub(crate) const NEAR: usize = if IS_EXPLORED { 2 } else { 64 };
const SEGMENTS: usize = EXCLUSIVE / NEAR - 1;

/// Ties a value to its thread: it is neither `Send` nor `Sync`. So a future that held one across an `await`, after
/// which it may run on another thread, would not be `Send` either.
type OfThread = PhantomData<*const ()>;

/// Which part the current thread writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(usize, OfThread);

/// The part that all further threads share.
const COMMON: Slot = Slot(SHARED, PhantomData);

/// Proof that no other thread writes the part. A caller that makes several additions asks for it once, and saves the
/// check in each of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own(OfThread);

/// A writer of a part's counters: the owner writes with a plain load and store, others with an atomic operation.
pub(crate) trait Writer: Copy {
    /// The proof, if no other thread writes the part.
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

    /// Replaces a counter of the part by a function of its value.
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
        (self != COMMON).then_some(Own(PhantomData))
    }
}

impl Slot {
    /// A slot chosen by a test.
    #[cfg(test)]
    pub(crate) fn nth(place: usize) -> Self {
        Self(place.min(SHARED), PhantomData)
    }

    /// The slot of the current thread.
    #[inline]
    pub(crate) fn current() -> Self {
        let number = lease::slot();
        Self(if number <= SHARED { number } else { lease::first() }, PhantomData)
    }

    /// Looks something up for the slot of the current thread, with the proof that it owns its part; `None` if it does
    /// not, or has not asked for its slot before.
    ///
    /// The look-up is compiled twice, as it is inlined: once for the parts held directly, without a comparison at each
    /// of them, and once for the others.
    #[expect(clippy::inline_always, reason = "or the slot would be compared again at each part")]
    #[inline(always)]
    pub(crate) fn of_owner<R>(look_up: impl Fn(Self, Own) -> Option<R>) -> Option<R> {
        let slot = Self(lease::slot(), PhantomData);
        // The branches differ in what is known about the slot: clippy sees two equal branches, the compiler does not.
        let is_near = slot.0 < NEAR;
        if is_near {
            return look_up(slot, Own(PhantomData));
        }
        if slot.0 < EXCLUSIVE { look_up(slot, Own(PhantomData)) } else { None }
    }
}

/// The place of a part that is allocated on demand.
type Place<T> = OnceBox<CachePadded<T>>;

/// One `T` per thread, allocated when the thread first needs it.
///
/// The pointers to the parts of the first threads are stored inline, so that a look-up need not follow one more
/// pointer.
#[derive(Debug)]
pub(crate) struct Sharded<T> {
    near: [Place<T>; NEAR],
    far: OnceBox<Far<T>>,
    /// No place from here on has a part, of those held directly: few programs have as many threads, and a reader need not look
    /// at each place. Never lowered.
    made: AtomicUsize,
}

/// The parts of further threads.
#[derive(Debug)]
struct Far<T> {
    segments: [OnceBox<[Place<T>; NEAR]>; SEGMENTS],
    shared: Place<T>,
}

impl<T> Far<T> {
    fn new() -> Self {
        Self { segments: empty_boxes(), shared: OnceBox::new() }
    }

    /// The place of a slot that is not held directly, unless its segment has yet to be allocated.
    #[inline]
    fn place(&self, slot: Slot) -> Option<&Place<T>> {
        match self.segments.get((slot.0 / NEAR).wrapping_sub(1)) {
            Some(segment) => Some(&segment.get()?[slot.0 % NEAR]),
            None => Some(&self.shared),
        }
    }
}

impl<T: Default> Sharded<T> {
    /// The part of a slot; allocates it the first time.
    #[inline]
    pub(crate) fn part(&self, slot: Slot) -> &T {
        self.part_with(slot, T::default)
    }
}

impl<T> Sharded<T> {
    pub(crate) fn new() -> Self {
        Self { near: empty_boxes(), far: OnceBox::new(), made: AtomicUsize::new(0) }
    }

    /// The part of a slot; makes it the first time. Two threads that share a part may both make one, of which one is kept.
    #[inline]
    pub(crate) fn part_with(&self, slot: Slot, make: impl FnOnce() -> T) -> &T {
        match self.near.get(slot.0).and_then(OnceBox::get) {
            Some(part) => part,
            None => self.far_or_new(slot, make),
        }
    }

    /// The part of a slot, unless it has yet to be allocated.
    #[inline]
    pub(crate) fn existing(&self, slot: Slot) -> Option<&T> {
        let place = match self.near.get(slot.0) {
            Some(place) => place,
            // Inlined as well: a call here would make threads with a part held directly save registers.
            None => self.far.get()?.place(slot)?,
        };
        place.get().map(|part| &**part)
    }

    #[inline(never)]
    fn far_or_new(&self, slot: Slot, make: impl FnOnce() -> T) -> &T {
        self.existing(slot).unwrap_or_else(|| self.make(slot, make))
    }

    #[cold]
    fn make(&self, slot: Slot, make: impl FnOnce() -> T) -> &T {
        let place = if let Some(place) = self.near.get(slot.0) {
            // Before the part: a reader that sees the part through another way sees this, too.
            self.made.fetch_max(slot.0 + 1, Ordering::Relaxed);
            place
        } else {
            let far = self.far.get_or_init(|| Box::new(Far::new()));
            if let Some(segment) = far.segments.get(slot.0 / NEAR - 1) {
                segment.get_or_init(|| Box::new(empty_boxes()));
            }
            far.place(slot).unwrap_or(&far.shared)
        };
        let part = place.get_or_init(|| Box::new(CachePadded::new(make())));
        // Pairs with the fence of a reader that looks through all parts: if the reader does not see this part, the
        // owner sees what the reader wrote before its fence. That also holds for `made`, and for the `far` pointers on the
        // way to the part, whichever thread allocated them: the owner has seen them before this fence.
        fence(Ordering::SeqCst);
        part
    }

    /// All parts that have been allocated.
    pub(crate) fn iter(&self) -> Allocated<'_, T> {
        let (made, _) = self.near.split_at(self.made.load(Ordering::Relaxed).min(NEAR));
        Allocated { places: made.iter(), far: self.far.get(), segment: 0 }
    }
}

/// The parts that have been allocated, one after the other. Adapters of the standard library would do as well, but are compiled
/// anew for each sort of part and each way of reading them.
#[derive(Debug)]
pub(crate) struct Allocated<'a, T> {
    places: slice::Iter<'a, Place<T>>,
    far: Option<&'a Far<T>>,
    /// The segment to look at next; after the last comes the part that threads share.
    segment: usize,
}

impl<'a, T> Iterator for Allocated<'a, T> {
    type Item = &'a T;

    #[inline]
    fn next(&mut self) -> Option<&'a T> {
        loop {
            for place in &mut self.places {
                if let Some(part) = place.get() {
                    return Some(part);
                }
            }
            let far = self.far?;
            self.places = match far.segments.get(self.segment) {
                Some(segment) => segment.get().map_or_else(Default::default, |places| places.iter()),
                None if self.segment == SEGMENTS => slice::from_ref(&far.shared).iter(),
                None => return None,
            };
            self.segment += 1;
        }
    }
}

/// One `T` per thread, for sums: a [`Sharded`] of its own, or a field of something larger that is sharded.
pub(crate) trait Parts<T> {
    /// All parts that have been allocated.
    fn iter<'a>(&'a self) -> impl Iterator<Item = &'a T>
    where
        T: 'a;
}

impl<T> Parts<T> for Sharded<T> {
    fn iter<'a>(&'a self) -> impl Iterator<Item = &'a T>
    where
        T: 'a,
    {
        self.iter()
    }
}

impl<T> Default for Sharded<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
