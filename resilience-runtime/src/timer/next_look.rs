//! Decides when the sweep of timers looks next. In: deadlines of armed timers. Out: one word, through which arming threads and the
//! sweep never miss each other.
//!
//! Arming stores the deadline of the entry and then reads this word. If the deadline is earlier, it lowers the word,
//! and unparks the sweep if it was the one to lower it. The sweep sets the word to *never* and then reads all
//! deadlines; at the end it lowers the word to the earliest that is left, and starts over at that moment.
//!
//! **No timer is missed.** The four accesses are `SeqCst`, so they have one total order. Take an arming, and the last
//! sweep that set the word before the arming read it. Until the next sweep sets the word again, the word only goes
//! down. Either the arming read a moment no later than its deadline, or it lowered the word to its deadline: in both
//! cases the next sweep starts no later than the deadline. That sweep sets the word after the arming read it, hence
//! reads the deadline after the arming stored it, and sees it. If the deadline is not due yet, it counts towards the
//! earliest that is left, and the same holds for the sweep after that one.
//!
//! Entries that the sweep does not visit yet (new ones, and ones that were asleep) are covered not by that order but by
//! the lock of the [pool](super::pool): the sweep collects such entries after it set the word. An entry that is made or
//! roused later took the lock after the sweep did, so its arming reads the word as the sweep set it, or newer; the
//! argument is the same.

use crossbeam_utils::CachePadded;

use crate::clock::Tick;
use crate::sync::atomic::{AtomicU64, Ordering};

const NEVER: u64 = u64::MAX;

/// One word on a cache line of its own: every arming reads it, and few write it.
#[derive(Debug)]
pub(super) struct NextLook(CachePadded<AtomicU64>);

impl NextLook {
    pub(super) fn new() -> Self {
        Self(CachePadded::new(AtomicU64::new(NEVER)))
    }

    /// Whether the sweep would look too late for this deadline.
    #[inline]
    pub(super) fn is_after(&self, deadline: Tick) -> bool {
        deadline.0 < self.0.load(Ordering::SeqCst)
    }

    /// Lowers the word to `deadline` at most. True for the caller that lowered it: it has to unpark the sweep.
    pub(super) fn lower(&self, deadline: Tick) -> bool {
        deadline.0 < self.0.fetch_min(deadline.0, Ordering::SeqCst)
    }

    /// Starts a look: any deadline that this look may miss lowers the word again.
    pub(super) fn begin(&self) {
        self.0.store(NEVER, Ordering::SeqCst);
    }

    /// When the sweep has to look; `None` for never.
    pub(super) fn get(&self) -> Option<Tick> {
        let at = self.0.load(Ordering::SeqCst);
        (at != NEVER).then_some(Tick(at))
    }
}
