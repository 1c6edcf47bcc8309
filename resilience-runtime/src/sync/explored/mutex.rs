//! Loom's lock, which a destructor may also take where loom is not there any more.

use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::fault::{Wrong, planted};

/// Loom runs what a thread leaves behind when a model has failed, and says no to each access then.
pub(super) fn is_over() -> bool {
    std::thread::panicking()
}

/// A lock.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T> {
    turn: loom::sync::Mutex<()>,
    /// Free whenever it is this thread's turn.
    value: std::sync::Mutex<T>,
}

/// Has the value; gives it back when it is dropped.
#[derive(Debug)]
pub(crate) struct MutexGuard<'a, T> {
    // In this order.
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
        // Poisoned where a thread has panicked, which is the end of the model, or foreign code, which is not.
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
