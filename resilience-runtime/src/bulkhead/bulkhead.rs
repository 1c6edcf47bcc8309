//! Takes and gives back permits on the fast path, where one is free and nobody waits. In: attempts that want to run, and attempts
//! that ended. Out: a permit, or word that the slow path has to decide.
//!
//! One word holds how many permits are taken and how many attempts wait. While nobody waits, acquiring and releasing
//! a permit are one compare-and-swap each, on the word or, mostly, on the thread's [`LocalPermits`]. Once somebody
//! waits, the word changes only under the lock of the queue and there are no local permits, so that a newcomer cannot
//! slip in between a released permit and the waiter it belongs to.
//!
//! While somebody waits, at least one permit is taken: a queue forms only at the limit, which is at least 1, and
//! whoever releases the last permit passes it on. So there is always a holder who will wake the queue, also if a
//! reload happens meanwhile and some callers still pass the old settings. The exception is a permit on offer, which
//! counts as taken, whose waiter was woken but is not polled: then the waiters behind it find out by themselves (see
//! `offers`).

use std::time::Duration;

use resilience_settings::policy::BulkheadSettings;

use crossbeam_utils::CachePadded;

use super::adaptive::Adaptive;
use super::local_permits::LocalPermits;
use super::permit::BulkheadPermit;
use super::queue::Queue;
use super::shared_state::{SharedState, WAITING, waiting};
use crate::clock::Tick;
use crate::counting::shard::Parts;
use crate::sync::atomic::Ordering;
use crate::sync::{Mutex, MutexGuard, lock};

/// The permits of one service, and the queue for them.
///
/// Attempts that start while the bulkhead is off take no permit and are not counted. When it is switched on again, it
/// still counts the attempts that have held a permit all along.
#[derive(Debug, Default)]
pub(crate) struct Bulkhead {
    pub(super) shared: CachePadded<SharedState>,
    /// Allocated for the first waiter: most bulkheads, for example those of a million partitions, never have one.
    pub(super) queue: Mutex<Option<Box<Queue>>>,
    pub(super) adaptive: Adaptive,
}

impl Bulkhead {
    /// Acquires a free permit while nobody waits. `own` are the local permits of the current thread, `all` those of
    /// all threads.
    #[inline]
    pub(crate) fn try_acquire(
        &self,
        settings: &BulkheadSettings,
        own: &LocalPermits,
        all: &impl Parts<LocalPermits>,
    ) -> Option<BulkheadPermit> {
        let limit = u64::from(self.limit(settings));
        let mut word = self.shared.word.load(Ordering::Relaxed);
        // A word above the limit means waiters, or a surplus that has to drain first.
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

    /// Releases a permit that could not be [kept as a local one](Self::try_release_local), while nobody waits. The
    /// error is the permit, for [`release_to_queue`](Self::release_to_queue). The permit may have been acquired by
    /// another thread.
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

    /// Reports the result of an attempt to an adaptive limit, before its permit is released; no effect on a fixed
    /// limit. `ok` is `false` for the failures of an overloaded service: timeouts and refusals. Other failures say
    /// nothing about load and must not be reported.
    #[inline]
    pub(crate) fn observe(&self, latency: Duration, ok: bool, now: Tick, settings: &BulkheadSettings) {
        if settings.adaptive {
            // Includes local permits that are left from a fixed limit: none, or nearly none.
            self.adaptive.observe(latency, ok, self.counted(), now, settings);
        }
    }

    /// Resets to the state of a new bulkhead. Nobody holds a permit or waits.
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
        // No foreign code runs under the lock, so a poisoned one holds a consistent queue.
        lock(&self.queue)
    }

    pub(super) fn limit_or_none(&self, settings: Option<&BulkheadSettings>) -> u32 {
        settings.map_or(u32::MAX, |settings| self.limit(settings))
    }
}
