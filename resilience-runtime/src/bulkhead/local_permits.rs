//! Free permits of one thread's own. What keeps them in step with the word that all threads share is in `aside`.
//!
//! A pocket belongs to a slot and not to a thread. What a thread leaves in it when it ends is taken by whoever has
//! the slot next, or by anybody when the word is full.

use crate::sync::atomic::{AtomicU32, Ordering};

/// Free permits that one slot keeps for itself.
#[derive(Debug, Default)]
pub(crate) struct LocalPermits(AtomicU32);

impl LocalPermits {
    #[inline]
    pub(super) fn permits(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }

    #[inline]
    pub(super) fn put(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    #[inline]
    pub(super) fn take(&self) -> bool {
        let mut permits = self.0.load(Ordering::Relaxed);
        while permits > 0 {
            match self.0.compare_exchange_weak(permits, permits - 1, Ordering::SeqCst, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(current) => permits = current,
            }
        }
        false
    }

    pub(super) fn empty(&self) -> u32 {
        // An empty pocket is only read: its line stays with its owner.
        if self.permits() == 0 { 0 } else { self.0.swap(0, Ordering::SeqCst) }
    }
}
