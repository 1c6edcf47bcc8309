//! The lock of the crate `try-lock`, for loom: either obtained at once or not at all.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard};

use super::atomic::{AtomicBool, Ordering};

/// The same accesses in the same order as in `try-lock` 0.2, except for the last one. There it is a store; but loom
/// does not know that a store that follows the value read by a swap also follows the swap, and would consider the lock
/// taken for ever after one failed attempt. As a swap it orders no more, as no earlier access releases anything.
#[derive(Debug)]
pub(crate) struct TryLock<T> {
    is_locked: AtomicBool,
    /// Never blocks: the flag has admitted the holder. It replaces a cell, which would take `unsafe`.
    value: Mutex<T>,
}

/// Holds the value; returns it when dropped.
pub(crate) struct Locked<'a, T> {
    is_locked: &'a AtomicBool,
    /// `None` once it has been returned.
    value: Option<MutexGuard<'a, T>>,
}

impl<T> TryLock<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { is_locked: AtomicBool::new(false), value: Mutex::new(value) }
    }

    pub(crate) fn try_lock(&self) -> Option<Locked<'_, T>> {
        if self.is_locked.swap(true, Ordering::Acquire) {
            return None;
        }
        let value = self.value.try_lock().unwrap_or_else(|error| panic!("the flag let two in: {error}"));
        Some(Locked { is_locked: &self.is_locked, value: Some(value) })
    }
}

impl<T> Deref for Locked<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_deref().expect("not given back")
    }
}

impl<T> DerefMut for Locked<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_deref_mut().expect("not given back")
    }
}

impl<T> Drop for Locked<'_, T> {
    fn drop(&mut self) {
        self.value = None;
        self.is_locked.swap(false, Ordering::Release);
    }
}
