//! In: how many requests a thread knew of when it last summed up. Out: whether it may go by that sum once more.
//! Apart from the rule because it is only about cost: a sum reads eleven slices of every thread.

use std::time::Duration;

use crate::clock::Tick;
use crate::shard::{Slot, Writer as _};
use crate::sync::atomic::{AtomicU64, Ordering};

/// A sum is good for this share of the requests it counted, so that it is off by a small share of itself; below
/// that many requests each one sums up anew, and the rule is exact while a service is called rarely.
const SHARE: u64 = 128;

/// And for this share of the window: well below the slice that all counts are exact to anyway.
const AGE: u32 = 1_000;

/// The probability that a thread last worked out, for itself alone.
#[derive(Debug, Default)]
pub(super) struct Reading {
    probability: AtomicU64,
    until: AtomicU64,
    left: AtomicU64,
}

impl Reading {
    /// The probability, while it is good; counts as a use.
    #[inline]
    pub(super) fn current(&self, now: Tick, slot: Slot) -> Option<f64> {
        if now.0 >= self.until.load(Ordering::Relaxed) || self.left.load(Ordering::Relaxed) == 0 {
            return None;
        }
        slot.update(&self.left, |left| left.saturating_sub(1));
        Some(f64::from_bits(self.probability.load(Ordering::Relaxed)))
    }

    /// Makes the next use take a new one.
    pub(super) fn expire(&self) {
        self.left.store(0, Ordering::Relaxed);
    }

    /// Takes a new one that so many requests have led to.
    pub(super) fn renew(&self, probability: f64, requests: u64, window: Duration, now: Tick, slot: Slot) {
        slot.update(&self.probability, |_| probability.to_bits());
        slot.update(&self.until, |_| now.plus(window / AGE).0);
        slot.update(&self.left, |_| requests / SHARE);
    }
}
