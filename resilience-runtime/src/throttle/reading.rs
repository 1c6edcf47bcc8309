//! Keeps the rejection probability that a thread has computed, while it is fresh. In: a probability, and the number of requests it
//! was computed from. Out: that probability. It is apart from the rule because it is only about cost: computing a sum reads eleven
//! slices of every thread.

use std::time::Duration;

use crate::clock::Tick;
use crate::counting::shard::{Slot, Writer as _};
use crate::sync::atomic::{AtomicU64, Ordering};

/// A probability may be used again for one in this many of the requests it was computed from, which bounds its error;
/// with fewer requests than this, each call computes it anew, so the rule is exact for a service that is called rarely.
const SHARE: u64 = 128;

/// It may also be used for at most this fraction of the window: far less than a slice, which is how exact the counts
/// are anyway.
const AGE: u32 = 1_000;

/// The probability that a thread computed last, for its own use.
#[derive(Debug, Default)]
pub(super) struct Reading {
    probability: AtomicU64,
    until: AtomicU64,
    left: AtomicU64,
}

impl Reading {
    /// The probability, while it is fresh; counts one use.
    #[inline]
    pub(super) fn current(&self, now: Tick, slot: Slot) -> Option<f64> {
        if now.0 >= self.until.load(Ordering::Relaxed) || self.left.load(Ordering::Relaxed) == 0 {
            return None;
        }
        slot.update(&self.left, |left| left.saturating_sub(1));
        Some(f64::from_bits(self.probability.load(Ordering::Relaxed)))
    }

    /// Makes the next use compute a new one.
    pub(super) fn expire(&self) {
        self.left.store(0, Ordering::Relaxed);
    }

    /// Stores a new probability, computed from `requests` requests.
    pub(super) fn renew(&self, probability: f64, requests: u64, window: Duration, now: Tick, slot: Slot) {
        slot.update(&self.probability, |_| probability.to_bits());
        slot.update(&self.until, |_| now.plus(window / AGE).0);
        slot.update(&self.left, |_| requests / SHARE);
    }
}
