//! Arms timers, and cancels them when they are dropped. In: a moment and a task. Out: a guard that wakes the task at that moment,
//! or cancels the timer when dropped.
//!
//! Arming and dropping a timer costs about 25 ns: three atomic operations on a cache line that only this thread uses,
//! and one load of a word that all threads read.

use std::fmt;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

use super::next_look::NextLook;
use super::pool::{Place, Pool};
use super::sweep::Sweep;
use crate::clock::{Clock, Tick};
use crate::late_thread::LateThread;

/// The timers of a registry. Armed timers hold a reference to it, so it is never freed.
pub(crate) struct Timers {
    pool: Pool,
    next_look: NextLook,
    sweeper: LateThread,
}

/// A timer that is armed; dropping it cancels it.
pub(crate) struct Armed(&'static Place);

impl Timers {
    pub(crate) fn new() -> Self {
        Self::on(LateThread::new("resilience-timers"))
    }

    /// As [`new`](Self::new), with the given way to start the thread, for tests.
    pub(super) fn on(sweeper: LateThread) -> Self {
        Self { pool: Pool::default(), next_look: NextLook::new(), sweeper }
    }

    /// Wakes the task at `until`, or soon after.
    #[inline]
    pub(crate) fn arm(&'static self, clock: &'static Clock, until: Tick, cx: &mut Context<'_>) -> Armed {
        // The guard comes first: if cloning the waker panics, it returns the entry.
        let armed = Armed(self.pool.take());
        if armed.0.entry.set(until) {
            self.pool.rouse(armed.0);
        }
        if clock.is_virtual() && Handle::try_current().is_ok() {
            armed.0.pass_on(until.since(clock.now()), cx);
            return armed;
        }
        armed.0.entry.arm(cx);
        if self.next_look.is_after(until) {
            self.hurry(clock, until, armed.0, cx);
        }
        armed
    }

    /// Makes sure that the sweep looks by `until`. It is called at most once between two looks, unless each deadline is
    /// earlier than the one before.
    #[cold]
    fn hurry(&'static self, clock: &'static Clock, until: Tick, place: &Place, cx: &mut Context<'_>) {
        // The thread comes first: `next_look` promises that a thread looks, so it stays at "never" while there is none.
        match self.sweeper.get_or_start(move || Sweep::new(clock, &self.pool, &self.next_look).run()) {
            Some(sweeper) => {
                if self.next_look.lower(until) {
                    sweeper.unpark();
                }
            }
            None => place.pass_on(until.since(clock.now()), cx),
        }
    }

    /// A sweep that the test runs by hand; no thread runs beside it.
    #[cfg(test)]
    pub(super) fn sweep(&'static self, clock: &'static Clock) -> Sweep {
        Sweep::new(clock, &self.pool, &self.next_look)
    }

    /// When the sweep looks next, if ever.
    #[cfg(all(test, resilience_loom))]
    pub(super) fn next_look(&self) -> Option<Tick> {
        self.next_look.get()
    }

    /// How many entries have been made.
    #[cfg(test)]
    pub(super) fn made(&self) -> usize {
        self.pool.made()
    }
}

impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timers").field("next_look", &self.next_look).finish_non_exhaustive()
    }
}

impl Armed {
    /// Ready once the moment has passed; until then, registers the task to be woken for it. It does not read the clock.
    #[inline]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let entry = &self.0.entry;
        if entry.is_fired_or_passed_on() { self.poll_rare(cx) } else { entry.poll(cx) }
    }

    #[cold]
    fn poll_rare(&self, cx: &mut Context<'_>) -> Poll<()> {
        if self.0.entry.is_fired() { Poll::Ready(()) } else { self.0.stand_in.poll(cx) }
    }
}

impl Armed {
    /// Kept out of line: `drop` is compiled into every annotated function, and most of them hold no timer.
    #[inline(never)]
    fn disarm(&self) {
        let Self(place) = *self;
        // What is rare is called last, so that nothing has to be kept for what comes after it.
        if place.entry.cancel() { place.take_back() } else { place.put_back() }
    }
}

impl Drop for Armed {
    #[inline]
    fn drop(&mut self) {
        self.disarm();
    }
}

impl fmt::Debug for Armed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Armed").field(&self.0.entry).finish()
    }
}
