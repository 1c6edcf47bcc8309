//! Waits by a timer of tokio's while the thread of the sweep cannot be started. In: the time until the timer. Out: a poll that is
//! ready once it has passed.
//!
//! It lies beside the entry that the timer has taken, so the guard is the same eight bytes either way, and only polls
//! that find the entry marked come here. Calls pay an allocation and tokio's lock meanwhile.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::unconstrained;
use tokio::time::{Sleep, sleep};

use crate::sync::lock;
use crate::wakers::shielded;

/// A slot for a tokio timer. Only the owner of the entry uses it; the lock satisfies the compiler, and is never held
/// while the timer is polled or dropped, which clones and drops wakers.
#[derive(Debug)]
pub(super) struct StandIn(Mutex<Option<Pin<Box<Sleep>>>>);

impl StandIn {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Sets a timer of that length. Must be called within a runtime.
    pub(super) fn set(&self, time: Duration) {
        self.put(Some(Box::pin(sleep(time))));
    }

    /// Ready once the time has passed. The poll is exempt from tokio's cooperative budget: a body that uses up the
    /// budget in each poll would keep the timer from ever looking at the clock.
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(mut timer) = self.put(None) else { return Poll::Pending };
        // Waker code is foreign and may panic: the timer is put back before the panic goes on.
        let polled = catch_unwind(AssertUnwindSafe(|| pin!(unconstrained(timer.as_mut())).poll(cx)));
        self.put(Some(timer));
        polled.unwrap_or_else(|payload| resume_unwind(payload))
    }

    /// Drops the timer: no task waits any more.
    pub(super) fn disarm(&self) {
        let timer = self.put(None);
        shielded(|| drop(timer));
    }

    /// Replaces the timer, and returns the former one.
    fn put(&self, timer: Option<Pin<Box<Sleep>>>) -> Option<Pin<Box<Sleep>>> {
        std::mem::replace(&mut *lock(&self.0), timer)
    }
}
