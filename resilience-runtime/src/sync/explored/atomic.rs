//! Loom's atomics, with sequential consistency, and wrong where a model has planted a [`Fault`](super::fault::Fault).
//!
//! Loom takes a sequentially consistent access for acquire and release only, and so would report what cannot happen.
//! After a sequentially consistent fence it is what it says; compilers for processors that have fences only do the same.
//! That still is a little more than the language promises, since a fence orders the relaxed accesses around it as well:
//! what holds because of that alone is not proven.
//!
//! Loom (0.7) runs two accesses in both orders if they depend on each other, and for a store looks at the *last* access
//! alone: where a thread reads a word and then writes it, as before every compare-and-swap, its own read hides those of
//! the others, and loom never tries what comes of writing before them. So every access here is preceded by one that
//! depends on all others of the same word, and orders nothing.
//!
//! Nor does it know that no store comes between the value that a change has read and the one that it has written: it would
//! have the later store of somebody else overwritten by that change. So a store first looks at the change.

use std::panic::Location;
use std::sync::{Mutex, MutexGuard, PoisonError};

use loom::thread::{self, ThreadId};

use super::fault::{Wrong, planted};
use super::mutex::is_over;

pub(crate) use loom::sync::atomic::Ordering;

/// One access, in the order that is asked for or in a weaker one that is planted; this value when all is over.
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

/// One step down.
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

/// What a blind load returns.
trait Seen {
    fn seen(value: u64) -> Self;
}

impl Seen for bool {
    fn seen(value: u64) -> Self {
        value != 0
    }
}

macro_rules! atomics {
    ($($Atomic:ident of $Value:ty $({ $($rest:tt)* })?,)*) => { $(
        #[derive(Debug)]
        pub(crate) struct $Atomic {
            word: loom::sync::atomic::$Atomic,
            turns: loom::sync::atomic::AtomicBool,
            changed_by: Mutex<Option<ThreadId>>,
        }

        impl $Atomic {
            #[track_caller]
            pub(crate) fn new(value: $Value) -> Self {
                Self {
                    word: loom::sync::atomic::$Atomic::new(value),
                    turns: loom::sync::atomic::AtomicBool::new(false),
                    changed_by: Mutex::new(None),
                }
            }

            /// The word, when it is the turn of this thread.
            fn word(&self) -> &loom::sync::atomic::$Atomic {
                self.turns.swap(true, Ordering::Relaxed);
                &self.word
            }

            /// A change by this thread.
            fn change<T>(&self, change: impl FnOnce(&loom::sync::atomic::$Atomic) -> T) -> T {
                let value = change(self.word());
                *self.changed_by() = Some(thread::current().id());
                value
            }

            /// A store by this thread, in one step.
            fn put(&self, value: $Value, order: Ordering) {
                let word = self.word();
                loom::stop_exploring();
                let changed_by = self.changed_by().take();
                if changed_by.is_some_and(|thread| thread != thread::current().id()) {
                    word.fetch_or(<$Value>::default(), Ordering::Relaxed);
                }
                word.store(value, order);
                loom::explore();
            }

            fn changed_by(&self) -> MutexGuard<'_, Option<ThreadId>> {
                self.changed_by.lock().unwrap_or_else(PoisonError::into_inner)
            }

            #[track_caller]
            pub(crate) fn load(&self, order: Ordering) -> $Value {
                let at = Location::caller();
                if let Some(Wrong::Blind(value)) = planted(at) {
                    return <$Value as Seen>::seen(value);
                }
                access(at, order, <$Value>::default(), |order| self.word().load(of_load(order)))
            }

            #[track_caller]
            pub(crate) fn store(&self, value: $Value, order: Ordering) {
                access(Location::caller(), order, (), |order| self.put(value, of_store(order)));
            }

            #[track_caller]
            pub(crate) fn swap(&self, value: $Value, order: Ordering) -> $Value {
                let at = Location::caller();
                if planted(at) == Some(Wrong::Torn) {
                    return self.tear(|_| value);
                }
                access(at, order, value, |order| self.change(|word| word.swap(value, order)))
            }

            #[track_caller]
            pub(crate) fn compare_exchange(
                &self,
                old: $Value,
                new: $Value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$Value, $Value> {
                let at = Location::caller();
                match planted(at) {
                    Some(Wrong::Careless) => {
                        self.put(new, of_store(success));
                        Ok(old)
                    }
                    Some(Wrong::Torn) => match self.word().load(Ordering::Acquire) {
                        found if found == old => {
                            self.put(new, Ordering::Release);
                            Ok(old)
                        }
                        found => Err(found),
                    },
                    _ => access(at, success, Ok(old), |success| self.change(|word| word.compare_exchange(old, new, success, failure))),
                }
            }

            /// Loom's does not fail without a reason either.
            #[track_caller]
            pub(crate) fn compare_exchange_weak(
                &self,
                old: $Value,
                new: $Value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$Value, $Value> {
                self.compare_exchange(old, new, success, failure)
            }

            #[track_caller]
            pub(crate) fn fetch_update(
                &self,
                success: Ordering,
                failure: Ordering,
                mut change: impl FnMut($Value) -> Option<$Value>,
            ) -> Result<$Value, $Value> {
                let mut old = self.load(failure);
                while let Some(new) = change(old) {
                    match self.compare_exchange(old, new, success, failure) {
                        Ok(old) => return Ok(old),
                        Err(found) => old = found,
                    }
                }
                Err(old)
            }

            /// A change in two steps, as if nobody could come in between.
            fn tear(&self, change: impl FnOnce($Value) -> $Value) -> $Value {
                let old = self.word().load(Ordering::Acquire);
                self.put(change(old), Ordering::Release);
                old
            }

            $($($rest)*)?
        }

        impl Default for $Atomic {
            fn default() -> Self {
                Self::new(<$Value>::default())
            }
        }
    )* };
}

macro_rules! integers {
    ($($Atomic:ident of $Value:ty,)*) => { $( changes! { $Atomic of $Value {
        fetch_add: <$Value>::wrapping_add,
        fetch_sub: <$Value>::wrapping_sub,
        fetch_max: Ord::max,
        fetch_min: Ord::min,
    } } )* };
}

macro_rules! changes {
    ($Atomic:ident of $Value:ty { $($change:ident: $rule:expr,)* }) => {
        impl Seen for $Value {
            fn seen(value: u64) -> Self {
                Self::try_from(value).expect("a value of that width")
            }
        }

        atomics! { $Atomic of $Value { $(
        #[track_caller]
        pub(crate) fn $change(&self, value: $Value, order: Ordering) -> $Value {
            let at = Location::caller();
            if planted(at) == Some(Wrong::Torn) {
                return self.tear(|old| $rule(old, value));
            }
            access(at, order, value, |order| self.change(|word| word.$change(value, order)))
        }
    )* }, }
    };
}

atomics! { AtomicBool of bool, }
integers! { AtomicU8 of u8, AtomicU32 of u32, AtomicU64 of u64, AtomicUsize of usize, }
