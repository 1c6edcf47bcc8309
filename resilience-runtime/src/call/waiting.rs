//! What a call waits for between two polls of its body: for its turn, for a seat, for the delay before a retry.
//!
//! In a box with its timer. A call that waits for milliseconds can afford an allocation; the calls that never do
//! are spared its size.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::course::Course;
use super::seat::SeatWait;
use crate::timer::Delay;

pin_project! {
    /// A wait and its end.
    #[derive(Debug)]
    pub(super) struct Waiting {
        pub(super) what: What,
        #[pin]
        timer: Delay,
    }
}

/// What is waited for.
#[derive(Debug)]
pub(super) enum What {
    /// The delay before a retry.
    Delay,
    /// The turn of an attempt under the rate limit.
    Turn,
    /// A seat in the bulkhead.
    Seat(SeatWait),
}

impl Waiting {
    /// Waits for something that has come, or is given up, after that time.
    #[cold]
    pub(super) fn new(what: What, time: Duration) -> Pin<Box<Self>> {
        Box::pin(Self { what, timer: Delay::after(time) })
    }

    /// What is waited for.
    pub(super) fn what(self: Pin<&mut Self>) -> &mut What {
        self.project().what
    }

    /// Whether the time is up.
    pub(super) fn poll_timer(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<()> {
        self.project().timer.poll(cx)
    }
}

impl Course {
    /// Whether the delay before the next attempt has passed.
    #[cold]
    pub(super) fn poll_delay(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        self.attend(|course| {
            if let Some(waiting) = &mut course.waiting {
                ready!(waiting.as_mut().poll_timer(cx));
                course.waiting = None;
            }
            Poll::Ready(())
        })
    }
}
