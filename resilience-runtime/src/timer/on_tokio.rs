//! Timers on tokio's clock, for feature `testing`: the interface of `armed`, so that paused time drives attempts and
//! deadlines.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::delay::Delay;
use crate::clock::{Clock, Tick};

/// The timers of a registry.
#[derive(Debug)]
pub(crate) struct Timers;

/// A timer that is armed; dropping it cancels it.
#[derive(Debug)]
pub(crate) struct Armed(Pin<Box<Delay>>);

impl Timers {
    pub(crate) fn new() -> Self {
        Self
    }

    /// Wakes the task at `until`, or soon after.
    #[expect(clippy::unused_self, reason = "as it is used without the feature")]
    pub(crate) fn arm(&'static self, clock: &'static Clock, until: Tick, cx: &mut Context<'_>) -> Armed {
        let mut armed = Armed(Box::pin(Delay::after(until.since(clock.now()))));
        if armed.poll(cx).is_ready() {
            cx.waker().wake_by_ref();
        }
        armed
    }
}

impl Armed {
    /// Ready once the moment has passed; until then, registers the task to be woken for it.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
    }
}
