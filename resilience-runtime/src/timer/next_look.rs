//! When the sweep will look next: one word through which those who arm timers and the sweep never miss each other.
//!
//! Who arms stores its deadline and then reads this word; if its deadline is earlier it lowers the word, and wakes the
//! thread of the sweep if it was the one to lower it. The sweep sets the word to *never*, and then reads all
//! deadlines; at the end it lowers the word to the earliest that is left, and starts over when that moment comes.
//!
//! **No timer is missed.** The four accesses are `SeqCst`, so there is one order of them all. Take an arming, and
//! the last sweep that set the word before the arming read it. Until the next sweep sets the word again, it only
//! goes down. Either the arming read a moment not after its deadline, or it lowered the word to its deadline: so the
//! next sweep starts when the deadline comes, or before. It sets the word after the arming read it, hence reads
//! the deadline after the arming stored it, and sees it. If it is not due yet, it counts for the earliest that is
//! left, and the same holds for the sweep after that one.
//!
//! An entry that the sweep does not visit, as it is new or was asleep, is not covered by that order, but by the lock of the
//! [pool](super::pool): the sweep looks for such entries after it set the word. If one comes later, whoever made or roused
//! it took the lock after the sweep did, and so reads the word as the sweep set it, or newer; the argument is the same.

use crossbeam_utils::CachePadded;

use crate::clock::Tick;
use crate::sync::atomic::{AtomicU64, Ordering};

const NEVER: u64 = u64::MAX;

/// Read by every arming and seldom written, so nothing else may be in its cache line.
#[derive(Debug)]
pub(super) struct NextLook(CachePadded<AtomicU64>);

impl NextLook {
    pub(super) fn new() -> Self {
        Self(CachePadded::new(AtomicU64::new(NEVER)))
    }

    /// Whether the sweep would come too late for this.
    #[inline]
    pub(super) fn is_after(&self, deadline: Tick) -> bool {
        deadline.0 < self.0.load(Ordering::SeqCst)
    }

    /// Makes it this early at least. True for the one who made it earlier: it has to wake the sweep.
    pub(super) fn lower(&self, deadline: Tick) -> bool {
        deadline.0 < self.0.fetch_min(deadline.0, Ordering::SeqCst)
    }

    /// The sweep begins: whatever it may not see from now on will lower the word.
    pub(super) fn begin(&self) {
        self.0.store(NEVER, Ordering::SeqCst);
    }

    /// When the sweep has to look, if ever.
    pub(super) fn get(&self) -> Option<Tick> {
        let at = self.0.load(Ordering::SeqCst);
        (at != NEVER).then_some(Tick(at))
    }
}
