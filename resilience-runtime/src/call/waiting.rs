//! What a call waits for between two polls of its body: for its turn, for a seat, for the delay before a retry.
//!
//! In a box with its timer. A call that waits for milliseconds can afford an allocation; the calls that never do
//! are spared its size.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::task::unconstrained;
use tokio::time::{Sleep, sleep};

use super::course::Course;
use crate::bulkhead::Waiter;
use crate::clock::Tick;

pin_project! {
    /// A wait and its end.
    #[derive(Debug)]
    pub(super) struct Waiting {
        pub(super) what: What,
        #[pin]
        timer: Sleep,
    }
}

/// What is waited for.
#[derive(Debug)]
pub(super) enum What {
    /// The delay before a retry.
    Delay,
    /// The turn of an attempt under the rate limit.
    Turn,
    /// A seat in the bulkhead, since then.
    Seat(Tick, Waiter<'static>),
}

impl Waiting {
    /// Waits for something that has come, or is given up, after that time.
    #[cold]
    pub(super) fn new(what: What, time: Duration) -> Pin<Box<Self>> {
        Box::pin(Self { what, timer: sleep(time) })
    }

    /// What is waited for.
    pub(super) fn what(self: Pin<&mut Self>) -> &mut What {
        self.project().what
    }

    /// Whether the time is up.
    pub(super) fn poll_timer(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<()> {
        poll_timer(self.project().timer, cx)
    }
}

impl Course {
    /// Whether the delay before the next attempt has passed.
    #[cold]
    pub(super) fn poll_delay(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll_timer(cx));
            self.waiting = None;
        }
        Poll::Ready(())
    }
}

/// Whether the timer has gone off. It is asked outside of tokio's budget: a body that uses all of that up in each
/// poll would keep it from looking at the clock, for ever.
pub(super) fn poll_timer(timer: Pin<&mut Sleep>, cx: &mut TaskContext<'_>) -> Poll<()> {
    pin!(unconstrained(timer)).poll(cx)
}
