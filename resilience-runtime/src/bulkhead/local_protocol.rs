//! Lets a thread keep permits that it releases: the shortcut around the shared word. In: permits that a thread releases. Out:
//! permits that the same thread acquires again, or that are reclaimed when others need them. A file of its own because its
//! correctness rests on an argument, which follows.
//!
//! A local permit is counted as taken in the word and is not in use. A compare-and-swap on a word that two threads
//! contend for costs many times one on a cache line of the thread's own. So in the steady state a thread acquires and
//! releases its local permit and only reads the word. When the word is full, or somebody is about to wait, the local
//! permits of all threads are reclaimed: returned to the word, under the lock of the queue.
//!
//! **Never more than the limit in use.** Each permit counted in the word is in use, or local to one thread, or on its
//! way between these and the word in the hands of one thread; every step moves one permit atomically. So the permits
//! in use are at most those counted, and the word grows only below a limit. A thread that finds more counted than its
//! limit, as after a reload, acquires no local permit. For a moment after a reload, callers that still pass the old
//! settings use the old limit, so the bound is the larger of the two limits until the last of them is done.
//!
//! **No waiter sleeps while a permit is free.** A release first adds the local permit, then makes sure that the state
//! says [`SOME`], and then reads whether anybody waits. The first waiter first becomes visible in the word, and then
//! reclaims the local permits if the state says that there are some. All of these accesses are sequentially
//! consistent, so one of the two sees the other: the waiter finds the permit, or the release takes it back and passes
//! it on. (Or a third thread has acquired it meanwhile, which will look when it releases.) From then on every release
//! sees the queue until nobody waits: only the first waiter has to look.
//!
//! **Nobody is refused while a permit is free**, except for lost races. The state says [`NONE`] only after all local
//! permits have been returned to the word. So a thread that reads `NONE` and then finds the word full has missed at
//! most a permit that was released at that very moment; that release saw the word below the limit afterwards, and
//! somebody has filled it since.

use resilience_settings::policy::BulkheadSettings;

use super::bulkhead::Bulkhead;
use super::local_permits::LocalPermits;
use super::permit::BulkheadPermit;
use super::shared_state::{NONE, RECLAIMING, SOME, taken, waiting};
use crate::clock::Tick;
use crate::counting::shard::Parts;
use crate::policy::LocalPermitLimits;
use crate::sync::atomic::{Ordering, fence};

impl Bulkhead {
    /// Acquires one of the thread's own local permits, if there is one and nobody waits.
    #[inline]
    pub(crate) fn try_acquire_local(&self, limits: LocalPermitLimits, own: &LocalPermits) -> bool {
        // A word above the limit means waiters, or a surplus that has to drain first.
        self.shared.word.load(Ordering::Relaxed) <= u64::from(limits.limit) && own.take()
    }

    /// Keeps a released permit as a local one. `false` if it may not be kept: the caller still has it.
    #[expect(
        clippy::inline_always,
        reason = "on the path of nearly every call, which has three copies of it"
    )]
    #[inline(always)]
    pub(crate) fn try_release_local(&self, limits: LocalPermitLimits, own: &LocalPermits) -> bool {
        let keep_below = u64::from(limits.keep_below);
        let shared = &self.shared;
        if own.permits() >= limits.per_thread || shared.word.load(Ordering::Relaxed) >= keep_below {
            return false;
        }
        own.put();
        // After the permit was added: whoever reclaimed before that has written this state too.
        if shared.local_state.load(Ordering::SeqCst) != SOME {
            shared.local_state.store(SOME, Ordering::SeqCst);
        }
        // Last of all, or a waiter could arrive in between and find nothing.
        shared.word.load(Ordering::SeqCst) < keep_below || !own.take()
    }

    /// Acquires a permit after the word was found full, by reclaiming the local permits of all threads.
    #[cold]
    pub(super) fn acquire_reclaimed(
        &self,
        settings: &BulkheadSettings,
        all: &impl Parts<LocalPermits>,
    ) -> Option<BulkheadPermit> {
        let limit = u64::from(self.limit(settings));
        loop {
            // Read before the word: once the state says `NONE`, the word has all permits.
            let local_state = self.shared.local_state.load(Ordering::SeqCst);
            let word = self.shared.word.load(Ordering::SeqCst);
            if word < limit {
                if self.shared.swap(word, word + 1).is_ok() {
                    return Some(BulkheadPermit::granted());
                }
            } else if waiting(word) > 0 || local_state == NONE {
                return None;
            } else {
                let mut locked = self.queue();
                self.reclaim_local_permits(all);
                // Somebody may have started to wait meanwhile; the queue knows the time from them.
                let woken = self.settle(&mut locked, 0, Tick::default());
                drop(locked);
                woken.wake();
            }
        }
    }

    /// Returns the local permits of all threads to the word. The caller holds the lock of the queue and passes them
    /// on.
    pub(super) fn reclaim_local_permits(&self, all: &impl Parts<LocalPermits>) {
        let shared = &self.shared;
        if shared.local_state.load(Ordering::SeqCst) != NONE {
            shared.local_state.store(RECLAIMING, Ordering::SeqCst);
            // Local permits that the loop below does not see, as they are not allocated yet, belong to a thread that
            // sees the state written above.
            fence(Ordering::SeqCst);
            for local_permits in all.iter() {
                let found = local_permits.empty();
                if found > 0 {
                    shared.word.fetch_sub(found.into(), Ordering::SeqCst);
                }
            }
            // Unless a release has kept a permit meanwhile.
            let _ =
                shared.local_state.compare_exchange(RECLAIMING, NONE, Ordering::SeqCst, Ordering::Relaxed);
        }
    }

    /// How many permits are in use; off by the number of permits that are being moved.
    pub(crate) fn in_flight(&self, all: &impl Parts<LocalPermits>) -> u32 {
        let counted = self.counted();
        all.iter().fold(counted, |left, local_permits| left.saturating_sub(local_permits.permits()))
    }

    /// How many permits are taken, local ones included.
    pub(super) fn counted(&self) -> u32 {
        taken(self.shared.word.load(Ordering::SeqCst))
    }
}
