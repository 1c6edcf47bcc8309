//! Wakers that panic. In: the waker of a task. Out: one that also wakes it, and sometimes panics when it is cloned,
//! woken or dropped.

use std::task::Waker;

use cooked_waker::{IntoWaker as _, Wake, WakeRef};

use crate::foreign::hazards::{Hazard, strike};

/// High: few polls have such a waker, and most of them clone it once.
const SHARE: f64 = 0.1;

struct Fuse(Waker);

/// A waker of the same task that may panic.
pub(crate) fn fused(calm: &Waker) -> Waker {
    Box::new(Fuse(calm.clone())).into_waker()
}

impl Clone for Fuse {
    fn clone(&self) -> Self {
        strike(Hazard::Wakers, SHARE);
        Self(self.0.clone())
    }
}

impl WakeRef for Fuse {
    fn wake_by_ref(&self) {
        // The task still has to be woken; otherwise the test itself would lose the wake-up.
        self.0.wake_by_ref();
        strike(Hazard::Wakers, SHARE);
    }
}

impl Wake for Fuse {}

impl Drop for Fuse {
    fn drop(&mut self) {
        strike(Hazard::Wakers, SHARE);
    }
}
