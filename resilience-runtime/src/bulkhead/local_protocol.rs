//! In: permits given back. Out: permits taken again by the same thread, without the word that all threads share. Apart
//! from the gate because it is the part that is right only by an argument, and the argument is here.
//!
//! A permit in a pocket is counted as taken in the word and is in nobody's use. A compare-and-swap on a word that two
//! threads fight over costs many times one on a line of one's own, so in the steady state a thread takes its permit out
//! of its pocket and puts it back there, and only looks at the word. When the word is full, or somebody is to wait,
//! all pockets are emptied into the word, under the lock of the queue.
//!
//! **Never more than the limit in use.** Each of the permits counted in the word is in use, in one pocket, or in the
//! hands of one thread on its way between the two and the word; every step is one atomic move of one permit. So those
//! in use are at most those counted, and the word grows only below a limit. Who finds more counted than its limit, as
//! after a reload, takes none out of a pocket. What may differ for a moment: callers that bring the settings from
//! before a reload go by the old limit, so the bound is the larger of the two until the last of them is through.
//!
//! **No waiter sleeps while a permit is free.** A release puts the permit down, sees to it that the pockets are said to
//! hold some, and then looks whether anybody waits; the first waiter is visible in the word, and then empties the
//! pockets if they are said to hold some. All of these are sequentially consistent, so one of the two sees the other:
//! the waiter finds the permit, or the release takes it out again and hands it on. (Or somebody else had it first, which
//! is a holder that will look when it ends.) From then on every release sees the queue, until nobody waits any more:
//! only the first waiter has to look.
//!
//! **Nobody is refused while a permit is free**, but for lost races. Pockets are said to hold nothing only once what was
//! in them is in the word. So who reads that they hold nothing, and then finds the word full, has missed only what a
//! release put down at that moment; it found the word below the limit after that, and somebody has filled it since.

use super::bulkhead::Bulkhead;
use super::local_permits::LocalPermits;
use super::permit::BulkheadPermit;
use super::shared_state::{NONE, RECLAIMING, SOME, taken, waiting};
use crate::clock::Tick;
use crate::counting::shard::Parts;
use crate::policy::{BulkheadSettings, LocalPermitLimits};
use crate::sync::atomic::{Ordering, fence};

impl Bulkhead {
    /// Takes a permit out of the pocket of the thread, if there is one and nobody waits.
    #[inline]
    pub(crate) fn try_acquire_local(&self, limits: LocalPermitLimits, own: &LocalPermits) -> bool {
        // A word above the limit is one with waiters, or with a surplus that has to run out.
        self.shared.word.load(Ordering::Relaxed) <= u64::from(limits.limit) && own.take()
    }

    /// Puts a permit into a pocket. `false` when it belongs somewhere else and the caller still has it.
    #[expect(
        clippy::inline_always,
        reason = "a part of the way of nearly every call, which has three copies of it"
    )]
    #[inline(always)]
    pub(crate) fn try_release_local(&self, limits: LocalPermitLimits, own: &LocalPermits) -> bool {
        let keep_below = u64::from(limits.keep_below);
        let shared = &self.shared;
        if own.permits() >= limits.per_thread || shared.word.load(Ordering::Relaxed) >= keep_below {
            return false;
        }
        own.put();
        // After the permit: who has emptied the pocket before it came has written there, too.
        if shared.local_state.load(Ordering::SeqCst) != SOME {
            shared.local_state.store(SOME, Ordering::SeqCst);
        }
        // Last of all, or a waiter could come in between and find nothing.
        shared.word.load(Ordering::SeqCst) < keep_below || !own.take()
    }

    /// Takes a permit that was in anybody's pocket, after the word was found full.
    #[cold]
    pub(super) fn acquire_reclaimed(
        &self,
        settings: &BulkheadSettings,
        all: &impl Parts<LocalPermits>,
    ) -> Option<BulkheadPermit> {
        let limit = u64::from(self.limit(settings));
        loop {
            // Before the word, which has the permits by the time that this says that there are none.
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
                // Somebody may have begun to wait meanwhile, and has told the queue what time it is.
                let woken = self.settle(&mut locked, 0, Tick::default());
                drop(locked);
                woken.wake();
            }
        }
    }

    /// Gives the permits of all pockets to the word; the caller holds the lock of the queue, and hands them on.
    pub(super) fn reclaim_local_permits(&self, all: &impl Parts<LocalPermits>) {
        let shared = &self.shared;
        if shared.local_state.load(Ordering::SeqCst) != NONE {
            shared.local_state.store(RECLAIMING, Ordering::SeqCst);
            // A pocket that is not made yet for the loop below is one whose thread sees what was written before.
            fence(Ordering::SeqCst);
            for local_permits in all.iter() {
                let found = local_permits.empty();
                if found > 0 {
                    shared.word.fetch_sub(found.into(), Ordering::SeqCst);
                }
            }
            // Unless a release has put something aside meanwhile.
            let _ =
                shared.local_state.compare_exchange(RECLAIMING, NONE, Ordering::SeqCst, Ordering::Relaxed);
        }
    }

    /// How many permits are in use. While they move it is off by those that move.
    pub(crate) fn in_flight(&self, all: &impl Parts<LocalPermits>) -> u32 {
        let counted = self.counted();
        all.iter().fold(counted, |left, local_permits| left.saturating_sub(local_permits.permits()))
    }

    /// How many permits are taken, in use or in a pocket.
    pub(super) fn counted(&self) -> u32 {
        taken(self.shared.word.load(Ordering::SeqCst))
    }
}
