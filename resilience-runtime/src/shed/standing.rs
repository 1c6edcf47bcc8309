//! Delays go in as they happen, the least of a span comes out: the delay that stands, not the one that passes.
//!
//! A burst makes a few wait and is gone; a queue that stands makes everybody wait. The least delay of a span tells
//! the two apart (Nichols and Jacobson, "Controlling Queue Delay", 2012), where the mean or the worst would shed
//! for a burst that is over before anybody reads it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::nanos;

const NOTHING: u64 = u64::MAX;

/// The least delay noted since it was last taken.
#[derive(Debug)]
pub(crate) struct Standing(AtomicU64);

impl Default for Standing {
    fn default() -> Self {
        Self(AtomicU64::new(NOTHING))
    }
}

impl Standing {
    pub(crate) fn note(&self, delay: Duration) {
        self.0.fetch_min(nanos(delay), Ordering::Relaxed);
    }

    /// The least delay since the last time, if there was any; the next span begins.
    pub(crate) fn take(&self) -> Option<Duration> {
        match self.0.swap(NOTHING, Ordering::Relaxed) {
            NOTHING => None,
            least => Some(Duration::from_nanos(least)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_its_least_delay_and_no_memory_of_the_last() {
        let standing = Standing::default();
        assert_eq!(standing.take(), None);
        for millis in [30, 20, 40] {
            standing.note(Duration::from_millis(millis));
        }
        assert_eq!(standing.take(), Some(Duration::from_millis(20)));
        assert_eq!(standing.take(), None);
        standing.note(Duration::ZERO);
        assert_eq!(standing.take(), Some(Duration::ZERO));
    }
}
