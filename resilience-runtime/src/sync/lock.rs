//! Locks of the standard library, also under loom: for what no model looks at. In: a mutex, poisoned or not. Out: its data,
//! which no panic leaves half changed.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
