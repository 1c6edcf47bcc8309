//! Decides when a simulation has cost too much, and ends it. In: requests. Out: whether there may be one more.
//!
//! Settings may have no bound of their own: a million attempts and no deadline. Where an attempt takes time, such a run would last
//! for hours; where it takes none, for ever at one moment of virtual time, so that no horizon would end it. Every server of a
//! scenario that may refuse or be overloaded has one.

use std::future::pending;
use std::sync::atomic::{AtomicU64, Ordering};

/// Requests for each call that comes, in the mean over a run: more than retries of any use make.
const FOR_EACH_CALL: f64 = 50.0;

/// How many requests are left.
#[derive(Debug)]
pub(in crate::testing::simulate) struct Fuse(AtomicU64);

impl Fuse {
    /// For a run with about so many calls.
    pub(in crate::testing::simulate) fn for_calls(calls: f64) -> Self {
        Self::of(calls * FOR_EACH_CALL)
    }

    /// For so many requests.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts of floats saturate")]
    pub(in crate::testing::simulate) fn of(requests: f64) -> Self {
        Self(AtomicU64::new((requests as u64).saturating_add(1)))
    }

    /// Lets a request through. Once there were too many none comes back, so that its caller yields: whoever waits for the calls
    /// sees that it [`is_blown`](Self::is_blown) and ends the run.
    pub(in crate::testing::simulate) async fn pass(&self) {
        let left = self.0.load(Ordering::Relaxed);
        // A run has one thread, so nobody comes in between.
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
        if left <= 1 {
            pending::<()>().await;
        }
    }

    /// Whether there was a request too many.
    pub(in crate::testing::simulate) fn is_blown(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_lets_as_many_through_as_it_is_for_and_keeps_the_others() {
        let fuse = Fuse::of(3.0);
        for _ in 0..3 {
            fuse.pass().await;
            assert!(!fuse.is_blown());
        }
        let second = std::time::Duration::from_secs(1);
        assert!(tokio::time::timeout(second, fuse.pass()).await.is_err());
        assert!(fuse.is_blown());
        assert!(tokio::time::timeout(second, fuse.pass()).await.is_err(), "for ever");
    }
}
