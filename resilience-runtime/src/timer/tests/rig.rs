//! Timers with their clock, and a task: what is armed goes in, who was woken comes out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};

use super::super::{Armed, Timers};
use crate::clock::{Clock, Tick};

/// Timers and the clock that they go by.
#[derive(Clone, Copy)]
pub(super) struct Rig {
    pub(super) timers: &'static Timers,
    pub(super) clock: &'static Clock,
}

impl Rig {
    pub(super) fn of(timers: Timers, clock: Clock) -> Self {
        Self { timers: Box::leak(Box::new(timers)), clock: Box::leak(Box::new(clock)) }
    }

    pub(super) fn arm(self, until: Tick, cx: &mut Context<'_>) -> Armed {
        self.timers.arm(self.clock, until, cx)
    }

    pub(super) fn made(self) -> usize {
        self.timers.made()
    }
}

/// Timers that live for ever, and their clock.
pub(super) fn timers() -> (Rig, &'static Clock) {
    let rig = Rig::of(Timers::new(), Clock::new());
    (rig, rig.clock)
}

/// A task that counts how often it was woken.
#[derive(Default)]
pub(super) struct Task {
    pub(super) woken: AtomicUsize,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.woken.fetch_add(1, Ordering::Relaxed);
    }
}

impl Task {
    pub(super) fn new() -> (Arc<Self>, Waker) {
        let task = Arc::new(Self::default());
        (task.clone(), Waker::from(task))
    }

    pub(super) fn woken(&self) -> usize {
        self.woken.load(Ordering::Relaxed)
    }
}
