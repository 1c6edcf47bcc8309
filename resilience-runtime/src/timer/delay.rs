//! One of tokio's timers, for what nearly always goes off: the delay before a retry, a wait in a queue.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::task::unconstrained;
use tokio::time::{Instant, Sleep, sleep};

use crate::wakers::shielded;

pin_project! {
    /// One of tokio's timers, or none. It has a waker, whose destructor is foreign code: whatever that does, whoever lets go
    /// of the timer goes on.
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
    /// None yet.
    pub(crate) fn none() -> Self {
        Self { sleep: None }
    }

    /// One that goes off after that time.
    pub(crate) fn after(time: Duration) -> Self {
        Self { sleep: Some(sleep(time)) }
    }

    /// Whether there is none.
    pub(crate) fn is_none(&self) -> bool {
        self.sleep.is_none()
    }

    /// Goes off after that time from now.
    pub(crate) fn arm(mut self: Pin<&mut Self>, time: Duration) {
        self.as_mut().disarm();
        self.project().sleep.set(Some(sleep(time)));
    }

    /// When it goes off.
    pub(crate) fn until(&self) -> Option<Instant> {
        self.sleep.as_ref().map(Sleep::deadline)
    }

    /// Has it go off then, and asks it; never, when there is none.
    pub(crate) fn poll_at(mut self: Pin<&mut Self>, at: Instant, cx: &mut TaskContext<'_>) -> Poll<()> {
        if let Some(sleep) = self.as_mut().project().sleep.as_pin_mut()
            && sleep.deadline() != at
        {
            sleep.reset(at);
        }
        self.poll(cx)
    }

    /// Does not go off any more.
    pub(crate) fn disarm(self: Pin<&mut Self>) {
        let mut sleep = self.project().sleep;
        if sleep.is_some() {
            shielded(|| sleep.set(None));
        }
    }

    /// Whether it has gone off; never, when there is none. It is asked outside of tokio's budget: a body that uses all of
    /// that up in each poll would keep it from looking at the clock, for ever.
    pub(crate) fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<()> {
        match self.project().sleep.as_pin_mut() {
            Some(sleep) => pin!(unconstrained(sleep)).poll(cx),
            None => Poll::Pending,
        }
    }
}
