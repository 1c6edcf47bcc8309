//! Waits by a timer of tokio's, for what will nearly always run to its end, such as a delay before a retry. In: a length of time,
//! or an instant. Out: a poll that is ready once it has passed.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::task::unconstrained;
use tokio::time::{Instant, Sleep, sleep};

use crate::wakers::shielded;

pin_project! {
    /// A tokio timer, or none. It holds a waker, whose destructor is foreign code: dropping or disarming the timer
    /// contains a panic of that destructor.
    #[derive(Debug)]
    pub(crate) struct Delay {
        #[pin]
        sleep: Option<Sleep>,
    }

    impl PinnedDrop for Delay {
        fn drop(this: Pin<&mut Self>) {
            this.disarm();
        }
    }
}

impl Delay {
    /// No timer yet.
    pub(crate) fn none() -> Self {
        Self { sleep: None }
    }

    /// A timer that fires after `time`.
    pub(crate) fn after(time: Duration) -> Self {
        Self { sleep: Some(sleep(time)) }
    }

    /// Whether no timer is set.
    pub(crate) fn is_none(&self) -> bool {
        self.sleep.is_none()
    }

    /// Replaces the timer with one that fires after `time`.
    pub(crate) fn arm(mut self: Pin<&mut Self>, time: Duration) {
        self.as_mut().disarm();
        self.project().sleep.set(Some(sleep(time)));
    }

    /// When the timer fires, if one is set.
    pub(crate) fn until(&self) -> Option<Instant> {
        self.sleep.as_ref().map(Sleep::deadline)
    }

    /// Moves the timer to `at`, then polls it. Without a timer it stays pending.
    pub(crate) fn poll_at(mut self: Pin<&mut Self>, at: Instant, cx: &mut TaskContext<'_>) -> Poll<()> {
        if let Some(sleep) = self.as_mut().project().sleep.as_pin_mut()
            && sleep.deadline() != at
        {
            sleep.reset(at);
        }
        self.poll(cx)
    }

    /// Removes the timer.
    pub(crate) fn disarm(self: Pin<&mut Self>) {
        let mut sleep = self.project().sleep;
        if sleep.is_some() {
            shielded(|| sleep.set(None));
        }
    }

    /// Ready once the timer has fired; without a timer it stays pending. The poll is exempt from tokio's cooperative
    /// budget: a body that uses up the budget in each poll would keep the timer from ever looking at the clock.
    pub(crate) fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<()> {
        match self.project().sleep.as_pin_mut() {
            Some(sleep) => pin!(unconstrained(sleep)).poll(cx),
            None => Poll::Pending,
        }
    }
}
