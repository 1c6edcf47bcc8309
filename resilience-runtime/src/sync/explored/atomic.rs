//! Loom's atomics, with sequential consistency, and with the faults that a model has planted (see
//! [`Fault`](super::fault::Fault)).
//!
//! Loom treats a sequentially consistent access as acquire and release only, and so would report executions that cannot
//! happen. After a sequentially consistent fence, the access behaves as declared; compilers for processors with fences
//! do the same. That is a little more than the language promises, since a fence orders the surrounding relaxed accesses
//! as well: what holds only because of that is not proven.
//!
//! Loom (0.7) runs two accesses in both orders if they depend on each other, but for a store it considers the *last*
//! access alone. If a thread reads a word and then writes it, as before every compare-and-swap, its own read hides
//! those of the other threads, and loom never tries a write before them. So every access here is preceded by one that
//! depends on all other accesses of the same word, and orders nothing.
//!
//! Loom also does not know that no store comes between the value that a read-modify-write reads and the one that it
//! writes: it would let that operation overwrite a later store of another thread. So a store here first reads the
//! latest change.

use std::panic::Location;
use std::sync::{Mutex, MutexGuard, PoisonError};

use loom::thread::{self, ThreadId};

use super::fault::{Wrong, planted};
use super::mutex::is_over;
use super::value::{Number, Value};

pub(crate) use loom::sync::atomic::Ordering;

/// Makes one access, in the requested order or in a weaker one that is planted; returns `over` once the model is over.
fn access<T>(at: &Location<'_>, order: Ordering, over: T, access: impl FnOnce(Ordering) -> T) -> T {
    if is_over() {
        return over;
    }
    let order = if planted(at) == Some(Wrong::Weak) { weaker(order) } else { order };
    if order == Ordering::SeqCst {
        loom::sync::atomic::fence(order);
    }
    access(order)
}

/// The next weaker order.
fn weaker(order: Ordering) -> Ordering {
    if order == Ordering::SeqCst { Ordering::AcqRel } else { Ordering::Relaxed }
}

fn of_load(order: Ordering) -> Ordering {
    if order == Ordering::AcqRel { Ordering::Acquire } else { order }
}

fn of_store(order: Ordering) -> Ordering {
    if order == Ordering::AcqRel { Ordering::Release } else { order }
}

#[track_caller]
pub(crate) fn fence(order: Ordering) {
    if planted(Location::caller()) != Some(Wrong::Weak) {
        loom::sync::atomic::fence(order);
    }
}

pub(crate) type AtomicBool = Atomic<bool>;
pub(crate) type AtomicU8 = Atomic<u8>;
pub(crate) type AtomicU32 = Atomic<u32>;
pub(crate) type AtomicU64 = Atomic<u64>;
pub(crate) type AtomicUsize = Atomic<usize>;

/// An atomic word.
#[derive(Debug)]
pub(crate) struct Atomic<T: Value> {
    word: T::Word,
    turns: loom::sync::atomic::AtomicBool,
    changed_by: Mutex<Option<ThreadId>>,
}

impl<T: Value> Atomic<T> {
    pub(crate) fn new(value: T) -> Self {
        let turns = loom::sync::atomic::AtomicBool::new(false);
        Self { word: value.word(), turns, changed_by: Mutex::new(None) }
    }

    /// The word, when this thread is scheduled.
    fn word(&self) -> &T::Word {
        self.turns.swap(true, Ordering::Relaxed);
        &self.word
    }

    /// A read-modify-write by this thread.
    fn change<R>(&self, change: impl FnOnce(&T::Word) -> R) -> R {
        let value = change(self.word());
        *self.changed_by() = Some(thread::current().id());
        value
    }

    /// A store by this thread, in one step.
    fn put(&self, value: T, order: Ordering) {
        let word = self.word();
        loom::stop_exploring();
        let changed_by = self.changed_by().take();
        if changed_by.is_some_and(|thread| thread != thread::current().id()) {
            T::touch(word);
        }
        T::store(word, value, of_store(order));
        loom::explore();
    }

    /// A read-modify-write in two steps, as the planted fault asks for.
    fn tear(&self, change: impl FnOnce(T) -> Option<T>) -> Result<T, T> {
        let old = T::load(self.word(), Ordering::Acquire);
        let Some(new) = change(old) else { return Err(old) };
        self.put(new, Ordering::Release);
        Ok(old)
    }

    fn changed_by(&self) -> MutexGuard<'_, Option<ThreadId>> {
        self.changed_by.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[track_caller]
    pub(crate) fn load(&self, order: Ordering) -> T {
        let at = Location::caller();
        if let Some(Wrong::Blind(value)) = planted(at) {
            return T::seen(value);
        }
        access(at, order, T::default(), |order| T::load(self.word(), of_load(order)))
    }

    #[track_caller]
    pub(crate) fn store(&self, value: T, order: Ordering) {
        access(Location::caller(), order, (), |order| self.put(value, order));
    }

    #[track_caller]
    pub(crate) fn swap(&self, value: T, order: Ordering) -> T {
        self.fetch(order, |_| value, |word, order| T::swap(word, value, order))
    }

    /// A read-modify-write: loom's own if it is whole, the two steps if it is torn.
    #[track_caller]
    fn fetch(
        &self,
        order: Ordering,
        rule: impl FnOnce(T) -> T,
        whole: impl FnOnce(&T::Word, Ordering) -> T,
    ) -> T {
        let at = Location::caller();
        if planted(at) == Some(Wrong::Torn) {
            let (Ok(old) | Err(old)) = self.tear(|old| Some(rule(old)));
            return old;
        }
        access(at, order, T::default(), |order| self.change(|word| whole(word, order)))
    }

    #[track_caller]
    pub(crate) fn compare_exchange(
        &self,
        old: T,
        new: T,
        success: Ordering,
        failure: Ordering,
    ) -> Result<T, T> {
        let at = Location::caller();
        match planted(at) {
            Some(Wrong::Careless) => {
                self.put(new, success);
                Ok(old)
            }
            Some(Wrong::Torn) => self.tear(|found| (found == old).then_some(new)),
            _ => access(at, success, Ok(old), |success| {
                self.change(|word| T::compare_exchange(word, old, new, success, failure))
            }),
        }
    }

    /// Loom's does not fail spuriously either.
    #[track_caller]
    pub(crate) fn compare_exchange_weak(
        &self,
        old: T,
        new: T,
        success: Ordering,
        failure: Ordering,
    ) -> Result<T, T> {
        self.compare_exchange(old, new, success, failure)
    }

    #[track_caller]
    pub(crate) fn fetch_update(
        &self,
        success: Ordering,
        failure: Ordering,
        mut change: impl FnMut(T) -> Option<T>,
    ) -> Result<T, T> {
        let mut old = self.load(failure);
        while let Some(new) = change(old) {
            match self.compare_exchange(old, new, success, failure) {
                Ok(old) => return Ok(old),
                Err(found) => old = found,
            }
        }
        Err(old)
    }
}

impl<T: Number> Atomic<T> {
    #[track_caller]
    pub(crate) fn fetch_add(&self, value: T, order: Ordering) -> T {
        self.fetch(order, |old| old.plus(value), |word, order| T::fetch_add(word, value, order))
    }

    #[track_caller]
    pub(crate) fn fetch_sub(&self, value: T, order: Ordering) -> T {
        self.fetch(order, |old| old.minus(value), |word, order| T::fetch_sub(word, value, order))
    }

    #[track_caller]
    pub(crate) fn fetch_max(&self, value: T, order: Ordering) -> T {
        self.fetch(order, |old| old.max(value), |word, order| T::fetch_max(word, value, order))
    }

    #[track_caller]
    pub(crate) fn fetch_min(&self, value: T, order: Ordering) -> T {
        self.fetch(order, |old| old.min(value), |word, order| T::fetch_min(word, value, order))
    }
}

impl<T: Value> Default for Atomic<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}
