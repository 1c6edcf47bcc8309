//! Locks whose holders run no code that may panic. In: a mutex. Out: its value.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(in crate::testing::simulate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
