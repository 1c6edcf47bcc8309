//! In: attempts that want to run, and attempts that ended. Out: a seat, a place in the queue, or neither.
//!
//! One word holds how many seats are taken and how many attempts wait. While nobody waits, taking a seat and
//! giving it back are one compare-and-swap each, on the word or, mostly, on the [`Pocket`] of the thread. Once
//! somebody waits, the word changes under the lock of the queue only and the pockets are empty, so that a newcomer
//! cannot slip in between a seat given back and the waiter it belongs to.
//!
//! While somebody waits, at least one seat is taken: a queue forms only at the limit, which is at least 1, and
//! who gives the last seat back hands it on. So there is always a holder who will wake the queue, also when a
//! reload comes in between and some caller still brings the settings from before. Or the seat is on offer, which counts
//! as taken, and whoever was woken for it does not come: then those behind find out by themselves (`offers`).

use std::sync::PoisonError;
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::adaptive::Adaptive;
use super::pocket::Pocket;
use super::queue::Queue;
use super::seat::Seat;
use super::word::{Shared, WAITING, waiting};
use crate::clock::Tick;
use crate::counting::shard::Parts;
use crate::policy::BulkheadSettings;
use crate::sync::atomic::Ordering;
use crate::sync::{Mutex, MutexGuard};

/// The seats of one service and the queue for them.
///
/// Attempts that start while the bulkhead is off take no seat and are not counted: switched on again, it knows
/// of those that have held a seat all along.
#[derive(Debug, Default)]
pub(crate) struct Bulkhead {
    pub(super) shared: CachePadded<Shared>,
    /// Made for the first waiter: most bulkheads, of a million partitions say, never have one.
    pub(super) queue: Mutex<Option<Box<Queue>>>,
    pub(super) adaptive: Adaptive,
}

impl Bulkhead {
    /// Takes a free seat, while nobody waits for one. `own` is the pocket of the thread among `all` of them.
    #[inline]
    pub(crate) fn try_acquire(
        &self,
        settings: &BulkheadSettings,
        own: &Pocket,
        all: &impl Parts<Pocket>,
    ) -> Option<Seat> {
        let limit = u64::from(self.limit(settings));
        let mut word = self.shared.word.load(Ordering::Relaxed);
        // A word above the limit is one with waiters, or with a surplus that has to run out.
        if word <= limit && own.take() {
            return Some(Seat::granted());
        }
        while word < limit {
            match self.shared.swap(word, word + 1) {
                Ok(()) => return Some(Seat::granted()),
                Err(current) => word = current,
            }
        }
        self.fetch(settings, all)
    }

    /// Gives a seat back that [cannot be put aside](Self::put_aside), while nobody waits. The error is the seat, for
    /// [`hand_over`](Self::hand_over): somebody may wait. It may have been taken by another thread.
    #[inline]
    pub(crate) fn give_back(&self, seat: Seat) -> Result<(), Seat> {
        let mut word = self.shared.word.load(Ordering::Relaxed);
        while word < WAITING {
            match self.shared.swap(word, word - 1) {
                Ok(()) => return Ok(()),
                Err(current) => word = current,
            }
        }
        Err(seat)
    }

    /// Tells an adaptive limit how an attempt ended, before its seat is given back; does nothing for a fixed one.
    /// `ok` is false for what an overloaded service does: time out, turn away. Other failures say nothing about
    /// load and should not be told.
    #[inline]
    pub(crate) fn observe(&self, latency: Duration, ok: bool, now: Tick, settings: &BulkheadSettings) {
        if settings.adaptive {
            // With what is left in pockets from when the limit was fixed, which is nothing or next to it.
            self.adaptive.observe(latency, ok, self.counted(), now, settings);
        }
    }

    /// Becomes as new. Nobody holds a seat or waits for one.
    pub(crate) fn forget(&self, all: &impl Parts<Pocket>) {
        let mut locked = self.queue();
        self.empty_pockets(all);
        let queue = locked.take();
        drop(locked);
        drop(queue);
        self.adaptive.forget();
    }

    /// How many attempts may run at once now.
    #[inline]
    pub(crate) fn limit(&self, settings: &BulkheadSettings) -> u32 {
        if settings.adaptive { self.adaptive.limit(settings) } else { settings.max_concurrent.max(1) }
    }

    /// How many attempts wait.
    pub(crate) fn queue_depth(&self) -> u32 {
        waiting(self.shared.word.load(Ordering::Relaxed))
    }

    pub(super) fn queue(&self) -> MutexGuard<'_, Option<Box<Queue>>> {
        // No foreign code runs under it, so a poisoned one is whole.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn limit_or_none(&self, settings: Option<&BulkheadSettings>) -> u32 {
        settings.map_or(u32::MAX, |settings| self.limit(settings))
    }
}
