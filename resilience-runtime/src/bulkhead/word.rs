//! In: moves of seats. Out: how many are taken and how many attempts wait, in one word. Apart from the gate because
//! the pockets move seats as well.

use crate::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use crate::clock::Tick;
use crate::priority::Priority;

/// One more in the queue, in the word.
pub(super) const WAITING: u64 = 1 << 32;

/// No pocket holds a seat, but for one that is being put there.
pub(super) const NONE: u8 = 0;
/// Pockets may hold seats.
pub(super) const SOME: u8 = 1;
/// Somebody who has the lock is giving what they hold to the word.
pub(super) const MOVING: u8 = 2;

/// What every attempt reads, on a line of its own; written where pockets run over or dry.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// `waiting << 32 | taken`, the seats in pockets included.
    pub(super) word: AtomicU64,
    /// Whether there are seats in pockets: [`NONE`], [`SOME`] or [`MOVING`]. An overload looks here only.
    pub(super) pockets: AtomicU8,
    /// The least priority that a full queue makes room for, one more than there are for none. Written under the lock of
    /// the queue, and read by those whom it spares that, as is the next.
    room_from: AtomicU8,
    /// When somebody in the queue will not wait any more, whether they notice or not.
    room_at: AtomicU64,
}

impl Shared {
    /// Sequentially consistent for the first waiter, whom a release must see; and what the last holder of a seat
    /// did is seen by the next.
    #[inline]
    pub(super) fn swap(&self, old: u64, new: u64) -> Result<(), u64> {
        self.word.compare_exchange_weak(old, new, Ordering::SeqCst, Ordering::Relaxed).map(drop)
    }

    /// Whether a full queue may make room for somebody of that priority now, as far as is known without the lock.
    pub(super) fn may_make_room(&self, priority: Priority, now: Tick) -> bool {
        priority as u8 >= self.room_from.load(Ordering::Relaxed)
            || now.0 >= self.room_at.load(Ordering::Relaxed)
    }

    /// To be called under the lock of the queue.
    pub(super) fn say_who_finds_room(&self, from: u8, at: Tick) {
        if self.room_from.load(Ordering::Relaxed) != from {
            self.room_from.store(from, Ordering::Relaxed);
        }
        if self.room_at.load(Ordering::Relaxed) != at.0 {
            self.room_at.store(at.0, Ordering::Relaxed);
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
