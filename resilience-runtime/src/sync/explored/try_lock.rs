//! The lock of the crate `try-lock`, which is either had at once or not at all.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard};

use super::atomic::{AtomicBool, Ordering};

/// The same accesses in the same order as in `try-lock` 0.2, but for the last one. It is a store there, and loom does not
/// know that a store which comes after the value that a swap has read comes after the swap, too: it would have the lock
/// taken for ever once somebody has tried in vain. As a swap it orders no more, since none before it releases anything.
#[derive(Debug)]
pub(crate) struct TryLock<T> {
    is_locked: AtomicBool,
    /// Never waited for: who holds it has been let in by the flag. Here because a cell would take `unsafe`.
    value: Mutex<T>,
}

/// Has the value; gives it back when it is dropped.
pub(crate) struct Locked<'a, T> {
    is_locked: &'a AtomicBool,
    /// `None` once it is given back.
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
