//! Data: what a call waits for, a slot, a bulkhead permit or a delay, with its timer. Out: whether it is there, and the reason of
//! the wait.
//!
//! In a box with its timer. A call that waits for milliseconds can afford an allocation; the calls that never do are
//! spared its size.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::Instant;

use super::permit_wait::PermitWait;
use crate::clock::Tick;
use crate::ratelimit::{RateSlot, SlotWaiter};
use crate::timer::Delay;

pin_project! {
    /// A wait and its end.
    #[derive(Debug)]
    pub(in crate::call) struct Wait {
        pub(in crate::call) reason: WaitReason,
        // Of an attempt that waits for a bulkhead permit.
        slot: Option<RateSlot<'static>>,
        #[pin]
        timer: Delay,
    }
}

/// What is waited for.
#[derive(Debug)]
pub(in crate::call) enum WaitReason {
    /// The delay before a retry.
    Delay,
    /// The slot of an attempt under the rate limit, since then.
    Slot(SlotWaiter<'static>, Tick),
    /// A permit of the bulkhead.
    Permit(PermitWait),
}

impl Wait {
    /// A wait that ends, or is given up, after that time.
    #[cold]
    pub(in crate::call) fn new(reason: WaitReason, time: Duration) -> Pin<Box<Self>> {
        Self::with_slot(reason, time, None)
    }

    /// The same for an attempt that has its slot; it goes back if the wait is in vain.
    #[cold]
    pub(in crate::call) fn with_slot(
        reason: WaitReason,
        time: Duration,
        slot: Option<RateSlot<'static>>,
    ) -> Pin<Box<Self>> {
        Box::pin(Self { reason, slot, timer: Delay::after(time) })
    }

    /// What is waited for.
    pub(in crate::call) fn reason(self: Pin<&mut Self>) -> &mut WaitReason {
        self.project().reason
    }

    /// The slot that it has.
    pub(in crate::call) fn take_slot(self: Pin<&mut Self>) -> Option<RateSlot<'static>> {
        self.project().slot.take()
    }

    /// Sets another time.
    pub(in crate::call) fn wait_on(self: Pin<&mut Self>, time: Duration) {
        self.project().timer.arm(time);
    }

    /// Has the timer go off then, and asks it.
    pub(in crate::call) fn poll_at(self: Pin<&mut Self>, at: Instant, cx: &mut TaskContext<'_>) -> Poll<()> {
        self.project().timer.poll_at(at, cx)
    }

    /// When the timer goes off.
    pub(in crate::call) fn until(&self) -> Option<Instant> {
        self.timer.until()
    }

    /// Whether the time is up.
    pub(in crate::call) fn poll_timer(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<()> {
        self.project().timer.poll(cx)
    }
}
