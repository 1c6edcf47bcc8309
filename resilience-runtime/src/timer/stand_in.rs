//! In: the time until a timer, where there is no thread for the sweep. Out: one of tokio's, which lies beside the entry
//! that the timer has taken.
//!
//! So a guard is the same eight bytes whichever it is, and only who finds the entry marked comes here. An allocation and
//! tokio's lock are what calls pay meanwhile.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::unconstrained;
use tokio::time::{Sleep, sleep};

use crate::wakers::shielded;

/// The place of one of tokio's timers. Its owner alone comes to it; the lock is for the compiler, and never held while the
/// timer is polled or dropped, which is to clone and to drop wakers.
#[derive(Debug)]
pub(super) struct StandIn(Mutex<Option<Pin<Box<Sleep>>>>);

impl StandIn {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Takes a timer of that length. To be called within a runtime.
    pub(super) fn set(&self, time: Duration) {
        self.put(Some(Box::pin(sleep(time))));
    }

    /// Ready once the time has passed. It is asked outside of tokio's budget: a body that uses all of that up in each
    /// poll would keep it from looking at the clock, for ever.
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(mut timer) = self.put(None) else { return Poll::Pending };
        // It goes on though a waker panics, which is foreign code.
        let polled = catch_unwind(AssertUnwindSafe(|| pin!(unconstrained(timer.as_mut())).poll(cx)));
        self.put(Some(timer));
        polled.unwrap_or_else(|payload| resume_unwind(payload))
    }

    /// Nobody waits any more.
    pub(super) fn disarm(&self) {
        let timer = self.put(None);
        shielded(|| drop(timer));
    }

    /// Exchanges what is there.
    fn put(&self, timer: Option<Pin<Box<Sleep>>>) -> Option<Pin<Box<Sleep>>> {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), timer)
    }
}
