//! The `AtomicWaker` of the crate `atomic-waker`. Loom has one of its own, which is a lock, and so orders more than the
//! real one does, and writes a line for each access.

use std::mem;
use std::sync::{Mutex, MutexGuard};
use std::task::Waker;

use loom::sync::atomic::{AtomicU8, Ordering};

const WAITING: u8 = 0;
const REGISTERING: u8 = 1;
const WAKING: u8 = 2;

/// The same accesses in the same order as in `atomic-waker` 1.1.
#[derive(Debug)]
pub(crate) struct AtomicWaker {
    state: AtomicU8,
    /// Never waited for: who holds it has been let in by the state, alone. Loom's threads take turns on one.
    waker: Mutex<Option<Waker>>,
}

impl AtomicWaker {
    pub(crate) fn new() -> Self {
        Self { state: AtomicU8::new(WAITING), waker: Mutex::new(None) }
    }

    pub(crate) fn register(&self, waker: &Waker) {
        match self
            .state
            .compare_exchange(WAITING, REGISTERING, Ordering::Acquire, Ordering::Acquire)
            .unwrap_or_else(|current| current)
        {
            WAITING => {
                let mut kept = self.waker();
                if !kept.as_ref().is_some_and(|kept| kept.will_wake(waker)) {
                    *kept = Some(waker.clone());
                }
                drop(kept);
                let back =
                    self.state.compare_exchange(REGISTERING, WAITING, Ordering::AcqRel, Ordering::Acquire);
                if back.is_err() {
                    // Somebody has come to take it meanwhile, and left that to this thread.
                    let waker = mem::take(&mut *self.waker());
                    self.state.swap(WAITING, Ordering::AcqRel);
                    waker.into_iter().for_each(Waker::wake);
                }
            }
            WAKING => waker.wake_by_ref(),
            state => unreachable!("two register at once: {state}"),
        }
    }

    pub(crate) fn wake(&self) {
        self.take().into_iter().for_each(Waker::wake);
    }

    pub(crate) fn take(&self) -> Option<Waker> {
        if self.state.fetch_or(WAKING, Ordering::AcqRel) != WAITING {
            return None;
        }
        let waker = mem::take(&mut *self.waker());
        self.state.fetch_and(!WAKING, Ordering::Release);
        waker
    }

    fn waker(&self) -> MutexGuard<'_, Option<Waker>> {
        self.waker.try_lock().unwrap_or_else(|error| panic!("the state let two in: {error}"))
    }
}
