//! In: moves of seats. Out: how many are taken and how many attempts wait, in one word. Apart from the gate because
//! the pockets move seats as well.

use crate::sync::atomic::{AtomicU8, AtomicU64, Ordering};

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
}

impl Shared {
    /// Sequentially consistent for the first waiter, whom a release must see; and what the last holder of a seat
    /// did is seen by the next.
    #[inline]
    pub(super) fn swap(&self, old: u64, new: u64) -> Result<(), u64> {
        self.word.compare_exchange_weak(old, new, Ordering::SeqCst, Ordering::Relaxed).map(drop)
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
