//! The timers of a registry: in goes a moment and a task, out comes the guard that wakes the task then, or cancels.
//!
//! The cost of arming and dropping, 25 ns or so, is three atomic operations on a cache line that the thread has to
//! itself, and a look at a word that everybody reads.

use std::fmt;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::thread::Thread;

use super::next_look::NextLook;
use super::pool::{Place, Pool};
use super::sweep::Sweep;
use crate::clock::{Clock, Tick};

/// The timers of a registry. Those that are armed refer to it, so it has to live for ever.
pub(crate) struct Timers {
    pool: Pool,
    next_look: NextLook,
    sweeper: OnceLock<Thread>,
}

/// A timer that is armed; dropping it cancels it.
pub(crate) struct Armed(&'static Place);

impl Timers {
    pub(crate) fn new() -> Self {
        Self { pool: Pool::default(), next_look: NextLook::new(), sweeper: OnceLock::new() }
    }

    /// Wakes the task at `until`, or soon after.
    ///
    /// # Panics
    ///
    /// When it is the first one, and its thread cannot be started.
    #[inline]
    pub(crate) fn arm(&'static self, clock: &'static Clock, until: Tick, cx: &mut Context<'_>) -> Armed {
        // Before it is armed: should cloning the waker panic, it is put back.
        let armed = Armed(self.pool.take());
        armed.0.entry.arm(until, cx);
        if self.next_look.is_after(until) {
            self.hurry(clock, until);
        }
        armed
    }

    /// Has the sweep look in time. At most once between two of its looks, unless deadlines come ever earlier.
    #[cold]
    fn hurry(&'static self, clock: &'static Clock, until: Tick) {
        // First of all: if it cannot be started, the next one to arm has to try again.
        let sweeper = self.sweeper.get_or_init(|| Sweep::start(clock, &self.pool, &self.next_look));
        if self.next_look.lower(until) {
            sweeper.unpark();
        }
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
        self.0.entry.poll(cx)
    }
}

impl Armed {
    /// Apart from `drop`, which stands in every annotated function and mostly finds no timer.
    #[inline(never)]
    fn disarm(&self) {
        self.0.entry.cancel();
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
