//! Data: how many permits are taken and how many attempts wait, in one word for all threads. In: permits acquired and released,
//! waiters that come and leave. Out: the word, and whether there are local permits. Separate from the bulkhead because both the
//! fast path and the local protocol change it.

use resilience_settings::Priority;

use crate::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use crate::clock::Tick;

/// One waiter, in the word.
pub(super) const WAITING: u64 = 1 << 32;

/// No thread has a local permit, except one that is being released right now.
pub(super) const NONE: u8 = 0;
/// Threads may have local permits.
pub(super) const SOME: u8 = 1;
/// A thread that holds the lock is returning local permits to the word.
pub(super) const RECLAIMING: u8 = 2;

/// What every attempt reads, on a cache line of its own. Written only when local permits do not suffice.
#[derive(Debug, Default)]
pub(super) struct SharedState {
    /// `waiting << 32 | taken`, local permits included.
    pub(super) word: AtomicU64,
    /// Whether there are local permits: [`NONE`], [`SOME`] or [`RECLAIMING`]. Under overload, only this is read.
    pub(super) local_state: AtomicU8,
    /// The least priority that a full queue makes room for; above all priorities if there is none. Written under the
    /// lock of the queue, like the next field; read to refuse without the lock.
    min_priority_with_room: AtomicU8,
    /// When the first waiter in the queue expires, whether it is polled or not.
    next_expiry: AtomicU64,
}

impl SharedState {
    /// Sequentially consistent, so that a release sees the first waiter, and the next holder of a permit sees what
    /// the last one did.
    #[inline]
    pub(super) fn swap(&self, old: u64, new: u64) -> Result<(), u64> {
        self.word.compare_exchange_weak(old, new, Ordering::SeqCst, Ordering::Relaxed).map(drop)
    }

    /// Whether a full queue may make room for this priority now, as far as is known without the lock.
    pub(super) fn may_make_room(&self, priority: Priority, now: Tick) -> bool {
        priority as u8 >= self.min_priority_with_room.load(Ordering::Relaxed)
            || now.0 >= self.next_expiry.load(Ordering::Relaxed)
    }

    /// Only to be called under the lock of the queue.
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
