//! Loom's mutex, which destructors may also lock after the model has ended.

use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::fault::{Wrong, planted};

/// Whether the model has ended: loom drops what its threads leave behind when a model has failed, and refuses accesses
/// then.
pub(super) fn is_over() -> bool {
    std::thread::panicking()
}

/// A lock.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T> {
    turn: loom::sync::Mutex<()>,
    /// Free whenever this thread is scheduled.
    value: std::sync::Mutex<T>,
}

/// Holds the value; returns it when dropped.
#[derive(Debug)]
pub(crate) struct MutexGuard<'a, T> {
    // Dropped in this order.
    value: std::sync::MutexGuard<'a, T>,
    _turn: Option<loom::sync::MutexGuard<'a, ()>>,
}

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { turn: loom::sync::Mutex::new(()), value: std::sync::Mutex::new(value) }
    }

    #[track_caller]
    #[expect(clippy::unnecessary_wraps, reason = "the standard library's does")]
    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let is_wrong = planted(Location::caller()) == Some(Wrong::Weak);
        let turn = if is_wrong || is_over() { None } else { self.turn.lock().ok() };
        Ok(self.have(turn))
    }

    #[track_caller]
    pub(crate) fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        match self.turn.try_lock() {
            Ok(turn) => Ok(self.have(Some(turn))),
            Err(_) => Err(TryLockError::WouldBlock),
        }
    }

    fn have<'a>(&'a self, turn: Option<loom::sync::MutexGuard<'a, ()>>) -> MutexGuard<'a, T> {
        // Poisoned by a thread that panicked, which ends the model, or by foreign code, which does not.
        let value = self.value.try_lock().unwrap_or_else(|error| match error {
            TryLockError::Poisoned(poisoned) => poisoned.into_inner(),
            TryLockError::WouldBlock => panic!("two have the lock"),
        });
        MutexGuard { value, _turn: turn }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}
