//! In: attempts that want to run, and attempts that ended. Out: a permit, a place in the queue, or neither.
//!
//! One word holds how many permits are taken and how many attempts wait. While nobody waits, taking a permit and
//! giving it back are one compare-and-swap each, on the word or, mostly, on the [`LocalPermits`] of the thread. Once
//! somebody waits, the word changes under the lock of the queue only and the pockets are empty, so that a newcomer
//! cannot slip in between a permit given back and the waiter it belongs to.
//!
//! While somebody waits, at least one permit is taken: a queue forms only at the limit, which is at least 1, and
//! who gives the last permit back hands it on. So there is always a holder who will wake the queue, also when a
//! reload comes in between and some caller still brings the settings from before. Or the permit is on offer, which counts
//! as taken, and whoever was woken for it does not come: then those behind find out by themselves (`offers`).

use std::sync::PoisonError;
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::adaptive::Adaptive;
use super::local_permits::LocalPermits;
use super::permit::BulkheadPermit;
use super::queue::Queue;
use super::shared_state::{SharedState, WAITING, waiting};
use crate::clock::Tick;
use crate::counting::shard::Parts;
use crate::policy::BulkheadSettings;
use crate::sync::atomic::Ordering;
use crate::sync::{Mutex, MutexGuard};

/// The permits of one service and the queue for them.
///
/// Attempts that start while the bulkhead is off take no permit and are not counted: switched on again, it knows
/// of those that have held a permit all along.
#[derive(Debug, Default)]
pub(crate) struct Bulkhead {
    pub(super) shared: CachePadded<SharedState>,
    /// Made for the first waiter: most bulkheads, of a million partitions say, never have one.
    pub(super) queue: Mutex<Option<Box<Queue>>>,
    pub(super) adaptive: Adaptive,
}

impl Bulkhead {
    /// Takes a free permit, while nobody waits for one. `own` is the pocket of the thread among `all` of them.
    #[inline]
    pub(crate) fn try_acquire(
        &self,
        settings: &BulkheadSettings,
        own: &LocalPermits,
        all: &impl Parts<LocalPermits>,
    ) -> Option<BulkheadPermit> {
        let limit = u64::from(self.limit(settings));
        let mut word = self.shared.word.load(Ordering::Relaxed);
        // A word above the limit is one with waiters, or with a surplus that has to run out.
        if word <= limit && own.take() {
            return Some(BulkheadPermit::granted());
        }
        while word < limit {
            match self.shared.swap(word, word + 1) {
                Ok(()) => return Some(BulkheadPermit::granted()),
                Err(current) => word = current,
            }
        }
        self.acquire_reclaimed(settings, all)
    }

    /// Gives a permit back that [cannot be put aside](Self::try_release_local), while nobody waits. The error is the permit, for
    /// [`release_to_queue`](Self::release_to_queue): somebody may wait. It may have been taken by another thread.
    #[inline]
    pub(crate) fn try_release(&self, permit: BulkheadPermit) -> Result<(), BulkheadPermit> {
        let mut word = self.shared.word.load(Ordering::Relaxed);
        while word < WAITING {
            match self.shared.swap(word, word - 1) {
                Ok(()) => return Ok(()),
                Err(current) => word = current,
            }
        }
        Err(permit)
    }

    /// Tells an adaptive limit how an attempt ended, before its permit is given back; does nothing for a fixed one.
    /// `ok` is false for what an overloaded service does: time out, turn away. Other failures say nothing about
    /// load and should not be told.
    #[inline]
    pub(crate) fn observe(&self, latency: Duration, ok: bool, now: Tick, settings: &BulkheadSettings) {
        if settings.adaptive {
            // With what is left in pockets from when the limit was fixed, which is nothing or next to it.
            self.adaptive.observe(latency, ok, self.counted(), now, settings);
        }
    }

    /// Becomes as new. Nobody holds a permit or waits for one.
    pub(crate) fn forget(&self, all: &impl Parts<LocalPermits>) {
        let mut locked = self.queue();
        self.reclaim_local_permits(all);
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
