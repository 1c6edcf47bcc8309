//! The timers of a registry: in goes a moment and a task, out comes the guard that wakes the task then, or cancels.
//!
//! The cost of arming and dropping, 25 ns or so, is three atomic operations on a cache line that the thread has to
//! itself, and a look at a word that everybody reads.

use std::fmt;
use std::task::{Context, Poll};

use super::next_look::NextLook;
use super::pool::{Place, Pool};
use super::sweep::Sweep;
use crate::clock::{Clock, Tick};
use crate::late_thread::LateThread;

/// The timers of a registry. Those that are armed refer to it, so it has to live for ever.
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

    /// The same for tests, which say how the thread is started.
    pub(super) fn on(sweeper: LateThread) -> Self {
        Self { pool: Pool::default(), next_look: NextLook::new(), sweeper }
    }

    /// Wakes the task at `until`, or soon after.
    #[inline]
    pub(crate) fn arm(&'static self, clock: &'static Clock, until: Tick, cx: &mut Context<'_>) -> Armed {
        // Before it is armed: should cloning the waker panic, it is put back.
        let armed = Armed(self.pool.take());
        if armed.0.entry.set(until) {
            self.pool.rouse(armed.0);
        }
        armed.0.entry.arm(cx);
        if self.next_look.is_after(until) {
            self.hurry(clock, until, armed.0, cx);
        }
        armed
    }

    /// Has the sweep look in time. At most once between two of its looks, unless deadlines come ever earlier.
    #[cold]
    fn hurry(&'static self, clock: &'static Clock, until: Tick, place: &Place, cx: &mut Context<'_>) {
        // First of all: the word says when the thread looks, so it says never while there is none.
        match self.sweeper.get_or_start(move || Sweep::new(clock, &self.pool, &self.next_look).run()) {
            Some(sweeper) => {
                if self.next_look.lower(until) {
                    sweeper.unpark();
                }
            }
            None => place.pass_on(until.since(clock.now()), cx),
        }
    }

    /// The sweep, for a test that lets nothing else look.
    #[cfg(test)]
    pub(super) fn sweep(&'static self, clock: &'static Clock) -> Sweep {
        Sweep::new(clock, &self.pool, &self.next_look)
    }

    /// When the sweep looks next, if ever.
    #[cfg(all(test, resilience_loom))]
    pub(super) fn next_look(&self) -> Option<Tick> {
        self.next_look.get()
    }

    /// How many entries there are.
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
    /// Ready once the moment has passed; until then the task is woken for it. It costs no look at the clock.
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
    /// Apart from `drop`, which stands in every annotated function and mostly finds no timer.
    #[inline(never)]
    fn disarm(&self) {
        if self.0.entry.cancel() {
            self.0.take_back();
        }
        self.0.put_back();
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
