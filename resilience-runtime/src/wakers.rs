//! Wakes tasks of the user's, and contains the panics of their wakers. In: wakers of the user's tasks. Out: calls to them whose
//! panics end here.
//!
//! A waker is foreign code: cloning, waking and dropping it may panic, block, or call back into this library. So no
//! lock of ours is held meanwhile, and a panic of one task's waker does not affect others: the panic hook has reported
//! it by then, the other tasks are still woken, and the code that woke it goes on. (A task whose *own* waker panics
//! when it is cloned does see the panic: that is its own poll.)

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

/// Wakers collected under a lock, to be woken after it is released.
#[derive(Default)]
#[must_use = "tasks that are not woken sleep for ever"]
pub(crate) struct Wakers(Vec<Waker>);

impl Wakers {
    /// No wakers.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// Adds a waker, if there is one.
    pub(crate) fn push(&mut self, waker: Option<Waker>) {
        self.0.extend(waker);
    }

    /// Adds the wakers of `others`.
    pub(crate) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// Wakes each of them separately. Must not be called under a lock.
    pub(crate) fn wake(self) {
        self.0.into_iter().for_each(wake);
    }
}

impl fmt::Debug for Wakers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Wakers").field(&self.0.len()).finish()
    }
}

/// Wakes a foreign task; a panic of the waker ends here.
pub(crate) fn wake(waker: Waker) {
    shielded(|| waker.wake());
}

/// Drops a waker; a panic of its destructor ends here.
pub(crate) fn discard(waker: Option<Waker>) {
    if let Some(waker) = waker {
        shielded(|| drop(waker));
    }
}

/// Runs foreign code and discards its panic.
pub(crate) fn shielded(foreign: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(foreign)) {
        // Dropping the payload may panic as well.
        std::mem::forget(payload);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Wake;

    use super::*;

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Panics {
        Never,
        WhenWoken,
        WhenDropped,
    }

    /// Counts how often it is woken.
    struct Bell(Arc<AtomicU32>, Panics);

    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
            assert!(self.1 != Panics::WhenWoken, "the waker panics");
        }
    }

    impl Drop for Bell {
        fn drop(&mut self) {
            assert!(self.1 != Panics::WhenDropped, "what goes with the waker panics");
        }
    }

    #[test]
    fn a_waker_that_panics_keeps_nobody_else_from_being_woken() {
        let rung = Arc::new(AtomicU32::new(0));
        let waker = |panics| Some(Waker::from(Arc::new(Bell(Arc::clone(&rung), panics))));
        let mut wakers = Wakers::none();
        for panics in [Panics::Never, Panics::WhenWoken, Panics::WhenDropped, Panics::Never] {
            wakers.push(waker(panics));
        }
        wakers.wake();
        assert_eq!(rung.load(Ordering::Relaxed), 4);
        discard(waker(Panics::WhenDropped));
    }
}
