//! Decides what becomes of a lock that a panic has poisoned: it goes on. In: what locking or waiting gives, poisoned or not. Out:
//! the guard of the data, which no panic here leaves half changed.

use std::sync::{Arc, LockResult, PoisonError};

/// A mutex: the standard library's, or loom's in the code that a model explores.
pub(crate) trait Lock {
    /// What holds it.
    type Guard<'a>
    where
        Self: 'a;

    /// Waits for it.
    fn acquire(&self) -> LockResult<Self::Guard<'_>>;
}

impl<T> Lock for std::sync::Mutex<T> {
    type Guard<'a>
        = std::sync::MutexGuard<'a, T>
    where
        T: 'a;

    #[inline]
    fn acquire(&self) -> LockResult<Self::Guard<'_>> {
        self.lock()
    }
}

#[cfg(all(test, resilience_loom))]
impl<T> Lock for super::explored::Mutex<T> {
    type Guard<'a>
        = super::explored::MutexGuard<'a, T>
    where
        T: 'a;

    // Faults are planted by the line that locks.
    #[track_caller]
    fn acquire(&self) -> LockResult<Self::Guard<'_>> {
        self.lock()
    }
}

/// Behind a counted reference.
impl<L: Lock> Lock for Arc<L> {
    type Guard<'a>
        = L::Guard<'a>
    where
        L: 'a;

    #[inline]
    #[cfg_attr(all(test, resilience_loom), track_caller)]
    fn acquire(&self) -> LockResult<Self::Guard<'_>> {
        L::acquire(self)
    }
}

/// Locks a mutex.
#[inline]
#[cfg_attr(all(test, resilience_loom), track_caller)]
pub(crate) fn lock<L: Lock>(mutex: &L) -> L::Guard<'_> {
    unpoisoned(mutex.acquire())
}

/// The guard of another kind of lock, or of a mutex that was waited with.
#[inline]
pub(crate) fn unpoisoned<G>(held: LockResult<G>) -> G {
    held.unwrap_or_else(PoisonError::into_inner)
}
