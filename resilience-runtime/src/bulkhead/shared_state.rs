//! In: moves of permits. Out: how many are taken and how many attempts wait, in one word. Apart from the gate because
//! the pockets move permits as well.

use crate::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use crate::clock::Tick;
use crate::priority::Priority;

/// One more in the queue, in the word.
pub(super) const WAITING: u64 = 1 << 32;

/// No pocket holds a permit, but for one that is being put there.
pub(super) const NONE: u8 = 0;
/// Pockets may hold permits.
pub(super) const SOME: u8 = 1;
/// Somebody who has the lock is giving what they hold to the word.
pub(super) const RECLAIMING: u8 = 2;

/// What every attempt reads, on a line of its own; written where pockets run over or dry.
#[derive(Debug, Default)]
pub(super) struct SharedState {
    /// `waiting << 32 | taken`, the permits in pockets included.
    pub(super) word: AtomicU64,
    /// Whether there are permits in pockets: [`NONE`], [`SOME`] or [`RECLAIMING`]. An overload looks here only.
    pub(super) local_state: AtomicU8,
    /// The least priority that a full queue makes room for, one more than there are for none. Written under the lock of
    /// the queue, and read by those whom it spares that, as is the next.
    min_priority_with_room: AtomicU8,
    /// When somebody in the queue will not wait any more, whether they notice or not.
    next_expiry: AtomicU64,
}

impl SharedState {
    /// Sequentially consistent for the first waiter, whom a release must see; and what the last holder of a permit
    /// did is seen by the next.
    #[inline]
    pub(super) fn swap(&self, old: u64, new: u64) -> Result<(), u64> {
        self.word.compare_exchange_weak(old, new, Ordering::SeqCst, Ordering::Relaxed).map(drop)
    }

    /// Whether a full queue may make room for somebody of that priority now, as far as is known without the lock.
    pub(super) fn may_make_room(&self, priority: Priority, now: Tick) -> bool {
        priority as u8 >= self.min_priority_with_room.load(Ordering::Relaxed)
            || now.0 >= self.next_expiry.load(Ordering::Relaxed)
    }

    /// To be called under the lock of the queue.
    pub(super) fn publish_room(&self, from: u8, at: Tick) {
        if self.min_priority_with_room.load(Ordering::Relaxed) != from {
            self.min_priority_with_room.store(from, Ordering::Relaxed);
        }
        if self.next_expiry.load(Ordering::Relaxed) != at.0 {
            self.next_expiry.store(at.0, Ordering::Relaxed);
        }
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half")]
pub(super) fn taken(word: u64) -> u32 {
    word as u32
}

#[inline]
pub(super) fn waiting(word: u64) -> u32 {
    (word >> 32) as u32
}
