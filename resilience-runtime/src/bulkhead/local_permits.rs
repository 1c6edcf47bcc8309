//! Data: the free permits of one thread. In: permits that a thread releases. Out: the same permits, when it acquires again. What
//! keeps them consistent with the shared word is in `local_protocol`.
//!
//! They belong to the slot of a thread. The permits that a thread leaves behind are used by the next thread with that
//! slot, or reclaimed by any thread that finds the word full.

use crate::sync::atomic::{AtomicU32, Ordering};

/// How many free permits a slot keeps.
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
        // Read first: an empty counter is not written, and its cache line stays with its owner.
        if self.permits() == 0 { 0 } else { self.0.swap(0, Ordering::SeqCst) }
    }
}
