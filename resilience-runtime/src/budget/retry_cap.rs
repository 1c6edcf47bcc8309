//! Decides whether one more retry may be in flight in the process (`max_concurrent_retries`). In: retries and hedges that start and
//! end, over all services of a registry. Out: whether one more may start. It is apart from the budgets because it limits
//! concurrency, and a budget limits a rate.

use crate::sync::atomic::{AtomicU32, Ordering};

/// How many attempts beyond the first are in flight.
#[derive(Debug, Default)]
pub(crate) struct RetryCap(AtomicU32);

impl RetryCap {
    /// Takes a place if one is free, in one atomic step. The limit may change at any time: when it is lowered, places
    /// above it stay taken until they are released.
    #[must_use = "a place that is taken must be released"]
    pub(crate) fn acquire(&self, limit: u32) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| (taken < limit).then(|| taken + 1))
            .is_ok()
    }

    /// Releases a place.
    pub(crate) fn release(&self) {
        // A surplus release must not wrap around, which would leave the cap full for ever.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| taken.checked_sub(1));
    }

    /// How many places are taken.
    pub(crate) fn in_flight(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_released_place_can_be_taken_again() {
        let cap = RetryCap::default();
        assert!(cap.acquire(2) && cap.acquire(2) && !cap.acquire(2));
        assert!(cap.acquire(3), "a raised limit acts at once");
        cap.release();
        assert!(!cap.acquire(1), "a lowered one too");
        for _ in 0..9 {
            cap.release();
        }
        assert_eq!(cap.in_flight(), 0);
        assert!(!cap.acquire(0) && cap.acquire(1));
    }

    #[test]
    fn threads_never_exceed_it() {
        let (cap, held, most) = (RetryCap::default(), AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20_000 {
                        if cap.acquire(3) {
                            most.fetch_max(held.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                            held.fetch_sub(1, Ordering::SeqCst);
                            cap.release();
                        }
                    }
                });
            }
        });
        assert!((1..=3).contains(&most.load(Ordering::SeqCst)));
        assert_eq!(cap.in_flight(), 0);
    }
}
