//! In: seats given back. Out: seats taken again by the same thread, without the word that all threads share. Apart
//! from the gate because it is the part that is right only by an argument, and the argument is here.
//!
//! A seat in a pocket is counted as taken in the word and is in nobody's use. A compare-and-swap on a word that two
//! threads fight over costs many times one on a line of one's own, so in the steady state a thread takes its seat out
//! of its pocket and puts it back there, and only looks at the word. When the word is full, or somebody is to wait,
//! all pockets are emptied into the word, under the lock of the queue.
//!
//! **Never more than the limit in use.** Each of the seats counted in the word is in use, in one pocket, or in the
//! hands of one thread on its way between the two and the word; every step is one atomic move of one seat. So those
//! in use are at most those counted, and the word grows only below a limit. Who finds more counted than its limit, as
//! after a reload, takes none out of a pocket. What may differ for a moment: callers that bring the settings from
//! before a reload go by the old limit, so the bound is the larger of the two until the last of them is through.
//!
//! **No waiter sleeps while a seat is free.** A release puts the seat down, sees to it that the pockets are said to
//! hold some, and then looks whether anybody waits; the first waiter is visible in the word, and then empties the
//! pockets if they are said to hold some. All of these are sequentially consistent, so one of the two sees the other:
//! the waiter finds the seat, or the release takes it out again and hands it on. (Or somebody else had it first, which
//! is a holder that will look when it ends.) From then on every release sees the queue, until nobody waits any more:
//! only the first waiter has to look.
//!
//! **Nobody is refused while a seat is free**, but for lost races. Pockets are said to hold nothing only once what was
//! in them is in the word. So who reads that they hold nothing, and then finds the word full, has missed only what a
//! release put down at that moment; it found the word below the limit after that, and somebody has filled it since.

use super::gate::Bulkhead;
use super::pocket::Pocket;
use super::seat::Seat;
use super::word::{MOVING, NONE, SOME, taken, waiting};
use crate::clock::Tick;
use crate::counting::shard::Parts;
use crate::policy::{Aside, BulkheadSettings};
use crate::sync::atomic::{Ordering, fence};

impl Bulkhead {
    /// Takes a seat out of the pocket of the thread, if there is one and nobody waits.
    #[inline]
    pub(crate) fn take_aside(&self, aside: Aside, own: &Pocket) -> bool {
        // A word above the limit is one with waiters, or with a surplus that has to run out.
        self.shared.word.load(Ordering::Relaxed) <= u64::from(aside.limit) && own.take()
    }

    /// Puts a seat into a pocket. `false` when it belongs somewhere else and the caller still has it.
    #[expect(
        clippy::inline_always,
        reason = "a part of the way of nearly every call, which has three copies of it"
    )]
    #[inline(always)]
    pub(crate) fn put_aside(&self, aside: Aside, own: &Pocket) -> bool {
        let plenty = u64::from(aside.plenty);
        let shared = &self.shared;
        if own.seats() >= aside.room || shared.word.load(Ordering::Relaxed) >= plenty {
            return false;
        }
        own.put();
        // After the seat: who has emptied the pocket before it came has written there, too.
        if shared.pockets.load(Ordering::SeqCst) != SOME {
            shared.pockets.store(SOME, Ordering::SeqCst);
        }
        // Last of all, or a waiter could come in between and find nothing.
        shared.word.load(Ordering::SeqCst) < plenty || !own.take()
    }

    /// Takes a seat that was in anybody's pocket, after the word was found full.
    #[cold]
    pub(super) fn fetch(&self, settings: &BulkheadSettings, all: &impl Parts<Pocket>) -> Option<Seat> {
        let limit = u64::from(self.limit(settings));
        loop {
            // Before the word, which has the seats by the time that this says that there are none.
            let pockets = self.shared.pockets.load(Ordering::SeqCst);
            let word = self.shared.word.load(Ordering::SeqCst);
            if word < limit {
                if self.shared.swap(word, word + 1).is_ok() {
                    return Some(Seat::granted());
                }
            } else if waiting(word) > 0 || pockets == NONE {
                return None;
            } else {
                let mut locked = self.queue();
                self.empty_pockets(all);
                // Somebody may have begun to wait meanwhile, and has told the queue what time it is.
                let woken = self.settle(&mut locked, 0, Tick::default());
                drop(locked);
                woken.wake();
            }
        }
    }

    /// Gives the seats of all pockets to the word; the caller holds the lock of the queue, and hands them on.
    pub(super) fn empty_pockets(&self, all: &impl Parts<Pocket>) {
        let shared = &self.shared;
        if shared.pockets.load(Ordering::SeqCst) != NONE {
            shared.pockets.store(MOVING, Ordering::SeqCst);
            // A pocket that is not made yet for the loop below is one whose thread sees what was written before.
            fence(Ordering::SeqCst);
            for pocket in all.iter() {
                let found = pocket.empty();
                if found > 0 {
                    shared.word.fetch_sub(found.into(), Ordering::SeqCst);
                }
            }
            // Unless a release has put something aside meanwhile.
            let _ = shared.pockets.compare_exchange(MOVING, NONE, Ordering::SeqCst, Ordering::Relaxed);
        }
    }

    /// How many seats are in use. While they move it is off by those that move.
    pub(crate) fn in_flight(&self, all: &impl Parts<Pocket>) -> u32 {
        let counted = self.counted();
        all.iter().fold(counted, |left, pocket| left.saturating_sub(pocket.seats()))
    }

    /// How many seats are taken, in use or in a pocket.
    pub(super) fn counted(&self) -> u32 {
        taken(self.shared.word.load(Ordering::SeqCst))
    }
}
