//! Counts the calls of one call site, by thread. What only sites count stands here, what services tell apart further stands in
//! their own [`Counters`].
//!
//! A service adds up its sites, so that no call counts anything twice: the success of a call touches as many counters as it
//! would without sites.

use super::{Cells, Counters};
use crate::counting::shard::Writer;
use crate::monitor::outcome::{AttemptNumber, CallOutcome, CallerOutcome, Series as _};
use crate::monitor::snapshot::CallCounts;
use crate::monitor::stats::Stats;
use crate::sync::atomic::{AtomicU64, Ordering};

/// One thread's part of the counters of a call site, with that thread's part of those of its service.
///
/// Calls that succeeded have no counter of their own: each has exactly one attempt that did, or one cache hit, or
/// the result of an earlier call, and none of these occurs without such a call. (Degraded answers stay failures, hedged copies that lose are abandoned,
/// an `Ok` that `retry_if_ok` refuses is no success.) A call that passes through is counted nowhere.
///
/// In the order of the fields: what a success adds to is on the first line.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct SiteCounters {
    /// Those of its service.
    pub(crate) service: &'static Counters,
    started: AtomicU64,
    total_nanos: AtomicU64,
    /// Attempts that succeeded, by their number: each is a call that needed so many.
    successes: Cells<{ AttemptNumber::ALL }>,
    cache_hits: AtomicU64,
    /// Calls that succeeded with the result of an earlier one.
    replays: AtomicU64,
    /// Calls that did not succeed, as their callers saw it.
    seen: Cells<{ CallerOutcome::ALL.len() }>,
}

impl SiteCounters {
    /// Those of a thread that counts for the service there.
    pub(crate) fn new(service: &'static Counters) -> Self {
        Self {
            service,
            started: AtomicU64::new(0),
            total_nanos: AtomicU64::new(0),
            successes: Cells::default(),
            cache_hits: AtomicU64::new(0),
            replays: AtomicU64::new(0),
            seen: Cells::default(),
        }
    }

    #[inline]
    pub(crate) fn call_started(&self, by: impl Writer) {
        by.add(&self.started, 1);
    }

    #[inline]
    pub(crate) fn call_ended(&self, outcome: CallOutcome, nanos: u64, by: impl Writer) {
        self.service.call_ended(outcome, by);
        // How long a call took that never ended says nothing about the service.
        if !matches!(outcome, CallOutcome::Cancelled | CallOutcome::Panicked) {
            by.add(&self.total_nanos, nanos);
            self.service.call_took(nanos, by);
        }
    }

    /// The end of a call that has succeeded, and how long the attempt took that did.
    #[expect(
        clippy::inline_always,
        reason = "a part of each success, most of which go on no further than this"
    )]
    #[inline(always)]
    pub(crate) fn call_succeeded(&self, attempt_nanos: u64, nanos: u64, by: impl Writer) {
        by.add(&self.total_nanos, nanos);
        if attempt_nanos == nanos {
            self.service.attempt_took(nanos, by);
        } else {
            self.service.call_took_with(attempt_nanos, nanos, by);
        }
    }

    /// The end of a call whose body never ran, whether it was rejected or answered by its cache: how soon that was says
    /// nothing about the service, and in an outage would be most of what is known.
    #[inline]
    pub(crate) fn call_ended_without_body(&self, outcome: CallOutcome, by: impl Writer) {
        self.service.call_ended(outcome, by);
    }

    /// Counts an attempt that succeeded; its call succeeds with it.
    #[inline]
    pub(crate) fn attempt_succeeded(&self, number: AttemptNumber, by: impl Writer) {
        self.successes.add(number, by);
    }

    /// Counts how a call has ended that did not succeed, as its caller sees it: once, when nobody can answer for it any more.
    #[inline]
    pub(crate) fn seen(&self, outcome: CallerOutcome, by: impl Writer) {
        self.seen.add(outcome, by);
    }

    pub(crate) fn cache_hit(&self, by: impl Writer) {
        by.add(&self.cache_hits, 1);
    }

    /// Counts a call that succeeds with the result of an earlier one.
    pub(crate) fn replayed(&self, by: impl Writer) {
        by.add(&self.replays, 1);
    }

    /// Calls that started here minus those that succeeded here, wrapping. The service knows of the others.
    pub(crate) fn in_flight(&self) -> u64 {
        let mut succeeded = [0; AttemptNumber::ALL];
        self.successes.read_into(&mut succeeded);
        succeeded
            .into_iter()
            .chain([&self.cache_hits, &self.replays].map(|cell| cell.load(Ordering::Relaxed)))
            .fold(self.started.load(Ordering::Relaxed), u64::wrapping_sub)
    }

    /// Adds what this part has counted to a reading of its service.
    pub(crate) fn read_into(&self, stats: &mut Stats) {
        for (sum, cell) in [
            (&mut stats.started, &self.started),
            (&mut stats.cache_hits, &self.cache_hits),
            (&mut stats.replays, &self.replays),
        ] {
            *sum = sum.wrapping_add(cell.load(Ordering::Relaxed));
        }
        self.successes.read_into(&mut stats.successes);
        self.seen.read_into(&mut stats.seen);
        stats.latency.add_total(self.total_nanos.load(Ordering::Relaxed));
    }

    /// Adds what this part has counted to a reading of its site: outcomes, and the nanoseconds that calls took.
    pub(crate) fn read_site_into(&self, calls: &mut CallCounts, nanos: &mut u64) {
        let (mut seen, mut succeeded) = ([0; CallerOutcome::ALL.len()], [0; AttemptNumber::ALL]);
        self.seen.read_into(&mut seen);
        self.successes.read_into(&mut succeeded);
        let answered = [&self.cache_hits, &self.replays].map(|cell| cell.load(Ordering::Relaxed));
        calls.success += succeeded.iter().chain(&answered).sum::<u64>();
        for (sum, outcome) in [
            (&mut calls.degraded, CallerOutcome::Degraded),
            (&mut calls.declined, CallerOutcome::Declined),
            (&mut calls.failure, CallerOutcome::Failure),
            (&mut calls.rejected, CallerOutcome::Rejected),
            (&mut calls.cancelled, CallerOutcome::Cancelled),
            (&mut calls.panicked, CallerOutcome::Panicked),
        ] {
            *sum += seen[outcome.place()];
        }
        *nanos = nanos.wrapping_add(self.total_nanos.load(Ordering::Relaxed));
    }

    /// Those of the only site and the only thread of a service.
    #[cfg(test)]
    pub(crate) fn alone() -> Self {
        Self::new(Box::leak(Box::default()))
    }

    /// All that they and their service have counted.
    #[cfg(test)]
    pub(crate) fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        self.read_into(&mut stats);
        self.service.read_into(&mut stats);
        stats
    }
}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use super::*;
    use crate::counting::shard::Slot;
    use crate::monitor::waited_for::WaitedFor;
    use crate::rejection::RejectionKind;

    #[test]
    fn what_every_success_adds_to_is_on_one_line() {
        let success = offset_of!(SiteCounters, successes) + 8 * AttemptNumber::FIRST.place();
        for offset in [offset_of!(SiteCounters, started), offset_of!(SiteCounters, total_nanos), success] {
            assert!(offset < 64, "{offset}");
        }
    }

    #[test]
    fn calls_in_flight_are_those_that_neither_succeeded_nor_ended_otherwise() {
        let (counters, slot) = (SiteCounters::alone(), Slot::current());
        for _ in 0..6 {
            counters.call_started(slot);
        }
        counters.attempt_succeeded(AttemptNumber::FIRST, slot);
        counters.call_ended(CallOutcome::Success, 1_000, slot);
        counters.cache_hit(slot);
        counters.call_ended_without_body(CallOutcome::Success, slot);
        counters.call_ended_without_body(CallOutcome::Rejected(RejectionKind::Shed), slot);
        for outcome in [CallOutcome::Error, CallOutcome::Cancelled] {
            counters.call_ended(outcome, 100, slot);
        }
        counters.service.waited(WaitedFor::Queue, 50, slot);
        counters.service.waited(WaitedFor::Backoff, 70, slot);
        let stats = counters.stats();
        assert_eq!(stats.calls(CallOutcome::Success), 2);
        let in_flight = counters.in_flight().wrapping_add(counters.service.in_flight());
        assert_eq!((stats.ended(), stats.in_flight(), in_flight), (5, 1, 1));
        assert_eq!((stats.latency().count(), stats.latency().total().as_nanos()), (2, 1_100));
        assert_eq!((stats.waiting().count(), stats.waiting().total().as_nanos()), (1, 50));
    }
}
