//! The lock of the crate `try-lock`, which is either had at once or not at all.

use super::{Mutex, MutexGuard};

/// The same on one of loom's.
#[derive(Debug)]
pub(crate) struct TryLock<T>(Mutex<T>);

impl<T> TryLock<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.0.try_lock().ok()
    }
}
