//! The `OnceBox` of `once_cell`, for loom: the first to store a pointer wins, and what the others have made is dropped.

use std::sync::OnceLock;

use super::atomic::{AtomicBool, Ordering};

/// The same accesses in the same order as in `once_cell::race`, with a flag in place of the pointer, as following a
/// pointer takes `unsafe`.
#[derive(Debug)]
pub(crate) struct OnceBox<T> {
    is_made: AtomicBool,
    value: OnceLock<Box<T>>,
}

impl<T> OnceBox<T> {
    pub(crate) fn new() -> Self {
        Self { is_made: AtomicBool::new(false), value: OnceLock::new() }
    }

    pub(crate) fn get(&self) -> Option<&T> {
        if self.is_made.load(Ordering::Acquire) { self.value.get().map(|value| &**value) } else { None }
    }

    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> Box<T>) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        let value = make();
        match self.is_made.compare_exchange(false, true, Ordering::AcqRel, Ordering::Acquire) {
            // Loom runs no other thread before the next access of this one: the two are one step.
            Ok(_) => self.value.get_or_init(|| value),
            Err(_) => self.value.get().expect("whoever stored the flag has stored the value"),
        }
    }
}

impl<T> Default for OnceBox<T> {
    fn default() -> Self {
        Self::new()
    }
}
