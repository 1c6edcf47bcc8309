//! Counts how long calls took apart from their attempts. In: calls whose own time is not that of one attempt: those that retried or
//! waited, and those that failed. Out: what the times of calls have beyond those of attempts that succeeded, and the reverse.
//!
//! Of nearly every call both times are the same and stand in one histogram, so that a success is recorded once. A reading
//! takes from it what stands here.

use crate::counting::shard::Writer;
use crate::monitor::latency::{Latency, LatencyCells};
use crate::sync::atomic::{AtomicU64, Ordering};

/// One thread's part.
#[derive(Debug, Default)]
pub(super) struct TimesApart {
    /// Calls whose time says nothing of an attempt that succeeded.
    calls: LatencyCells,
    call_nanos: AtomicU64,
    /// Attempts that succeeded in such calls.
    attempts: LatencyCells,
    attempt_nanos: AtomicU64,
}

impl TimesApart {
    #[inline]
    pub(super) fn call_took(&self, nanos: u64, by: impl Writer) {
        self.calls.record(nanos, by);
        by.add(&self.call_nanos, nanos);
    }

    #[inline]
    pub(super) fn attempt_took(&self, nanos: u64, by: impl Writer) {
        self.attempts.record(nanos, by);
        by.add(&self.attempt_nanos, nanos);
    }

    /// Adds these calls to all that were timed, and what attempts have of it to the sums.
    pub(super) fn read_into(&self, latency: &mut Latency, sums: &mut Apart) {
        self.calls.read_into(latency);
        self.calls.read_into(&mut sums.calls);
        sums.calls.add_total(self.call_nanos.load(Ordering::Relaxed));
        self.attempts.read_into(&mut sums.attempts);
        sums.attempts.add_total(self.attempt_nanos.load(Ordering::Relaxed));
    }
}

/// The same of all threads.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::monitor) struct Apart {
    pub(in crate::monitor) calls: Latency,
    pub(in crate::monitor) attempts: Latency,
}
