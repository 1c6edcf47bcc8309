//! Computes the standing delay. In: delays as they happen. Out: the smallest of a span.
//!
//! A burst makes some attempts wait and is over; a standing queue makes all of them wait. The smallest delay of a span
//! tells the two apart (Nichols and Jacobson, "Controlling Queue Delay", 2012), where the mean or the largest would
//! shed load for a burst that is over before anybody reads it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::nanos;

const NOTHING: u64 = u64::MAX;

/// The smallest delay recorded since it was last taken.
#[derive(Debug)]
pub(crate) struct StandingDelay(AtomicU64);

impl Default for StandingDelay {
    fn default() -> Self {
        Self(AtomicU64::new(NOTHING))
    }
}

impl StandingDelay {
    pub(crate) fn note(&self, delay: Duration) {
        self.0.fetch_min(nanos(delay), Ordering::Relaxed);
    }

    /// The smallest delay since the last call, if there was any; starts a new span.
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
        let standing = StandingDelay::default();
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
