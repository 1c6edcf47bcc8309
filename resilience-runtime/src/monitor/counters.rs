//! The counters of a service: one part per thread, added to on the call path, summed when somebody asks.

use super::latency::LatencyCells;
use super::outcome::{AttemptOutcome, CallOutcome, Series};
use super::stats::Stats;
use crate::ending::Ending;
use crate::rejection::RejectionKind;
use crate::shard::Writer;
use crate::source::Source;
use crate::sync::OnceBox;
use crate::sync::atomic::{AtomicU64, Ordering};

/// A counter for each label of a series.
#[derive(Debug)]
struct Cells<const N: usize>([AtomicU64; N]);

impl<const N: usize> Default for Cells<N> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl<const N: usize> Cells<N> {
    #[inline]
    fn add<S: Series>(&self, label: S, by: impl Writer) {
        by.add(&self.0[label.place()], 1);
    }

    fn read_into(&self, sums: &mut [u64]) {
        for (sum, cell) in sums.iter_mut().zip(&self.0) {
            *sum = sum.wrapping_add(cell.load(Ordering::Relaxed));
        }
    }
}

/// One thread's part of the counters of a service.
///
/// Calls that succeeded have no counter of their own: each has exactly one attempt that did, or one cache hit, and
/// neither of the two occurs without such a call. (Degraded answers stay failures, hedged copies that lose are abandoned,
/// an `Ok` that `retry_if_ok` refuses is no success.) A call that passes through is counted nowhere.
///
/// In the order of the fields: what a success adds to is on the first line, but for its bucket.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Counters {
    started: AtomicU64,
    total_nanos: AtomicU64,
    attempts: Cells<{ AttemptOutcome::ALL.len() }>,
    cache_hits: AtomicU64,
    error: AtomicU64,
    cancelled: AtomicU64,
    panicked: AtomicU64,
    retries: AtomicU64,
    rejected: Cells<{ RejectionKind::ALL.len() }>,
    endings: Cells<{ Ending::ALL.len() }>,
    fallbacks: Cells<{ Source::ALL.len() }>,
    fallbacks_failed: Cells<{ Source::ALL.len() }>,
    fallbacks_skipped: AtomicU64,
    latency: LatencyCells,
    /// Made by the first wait: most services have none.
    waits: OnceBox<Waits>,
}

/// How long calls have waited for what they need.
#[derive(Debug, Default)]
struct Waits {
    total_nanos: AtomicU64,
    latency: LatencyCells,
}

impl Counters {
    #[inline]
    pub(crate) fn call_started(&self, by: impl Writer) {
        by.add(&self.started, 1);
    }

    #[inline]
    pub(crate) fn call_ended(&self, outcome: CallOutcome, nanos: u64, by: impl Writer) {
        self.call_ended_without_body(outcome, by);
        // How long a call took that never ended says nothing about the service.
        if !matches!(outcome, CallOutcome::Cancelled | CallOutcome::Panicked) {
            by.add(&self.total_nanos, nanos);
            self.latency.record(nanos, by);
        }
    }

    /// The same of a call whose body never ran, whether it was rejected or answered by its cache: how soon that was says
    /// nothing about the service, and in an outage would be most of what is known.
    #[inline]
    pub(crate) fn call_ended_without_body(&self, outcome: CallOutcome, by: impl Writer) {
        match outcome {
            // Its attempt, or the cache, has been counted.
            CallOutcome::Success => {}
            CallOutcome::Error => by.add(&self.error, 1),
            CallOutcome::Rejected(kind) => self.rejected.add(kind, by),
            CallOutcome::Cancelled => by.add(&self.cancelled, 1),
            CallOutcome::Panicked => by.add(&self.panicked, 1),
        }
    }

    /// Counts the end of a wait for a turn or a seat.
    #[cold]
    pub(crate) fn waited(&self, nanos: u64, by: impl Writer) {
        let waits = self.waits.get_or_init(Box::default);
        by.add(&waits.total_nanos, nanos);
        waits.latency.record(nanos, by);
    }

    #[inline]
    pub(crate) fn attempt(&self, outcome: AttemptOutcome, by: impl Writer) {
        self.attempts.add(outcome, by);
    }

    pub(crate) fn retry(&self, by: impl Writer) {
        by.add(&self.retries, 1);
    }

    pub(crate) fn ending(&self, ending: Ending, by: impl Writer) {
        self.endings.add(ending, by);
    }

    /// Calls that started here minus those that ended here, wrapping: the sum over all parts is the calls that run.
    pub(crate) fn in_flight(&self) -> u64 {
        let mut ended = [0; RejectionKind::ALL.len()];
        self.rejected.read_into(&mut ended);
        [
            &self.attempts.0[AttemptOutcome::Success.place()],
            &self.cache_hits,
            &self.error,
            &self.cancelled,
            &self.panicked,
        ]
        .into_iter()
        .map(|cell| cell.load(Ordering::Relaxed))
        .chain(ended)
        .fold(self.started.load(Ordering::Relaxed), u64::wrapping_sub)
    }

    pub(crate) fn fallback(&self, source: Source, by: impl Writer) {
        self.fallbacks.add(source, by);
    }

    /// A source that was asked had no answer.
    pub(crate) fn fallback_failed(&self, source: Source, by: impl Writer) {
        self.fallbacks_failed.add(source, by);
    }

    /// No source was asked.
    pub(crate) fn fallback_skipped(&self, by: impl Writer) {
        by.add(&self.fallbacks_skipped, 1);
    }

    pub(crate) fn cache_hit(&self, by: impl Writer) {
        by.add(&self.cache_hits, 1);
    }

    /// Adds what this part has counted to a reading.
    pub(crate) fn read_into(&self, stats: &mut Stats) {
        for (sum, cell) in [
            (&mut stats.started, &self.started),
            (&mut stats.error, &self.error),
            (&mut stats.cancelled, &self.cancelled),
            (&mut stats.panicked, &self.panicked),
            (&mut stats.retries, &self.retries),
            (&mut stats.cache_hits, &self.cache_hits),
            (&mut stats.fallbacks_skipped, &self.fallbacks_skipped),
        ] {
            *sum = sum.wrapping_add(cell.load(Ordering::Relaxed));
        }
        self.rejected.read_into(&mut stats.rejected);
        self.attempts.read_into(&mut stats.attempts);
        self.endings.read_into(&mut stats.endings);
        self.fallbacks.read_into(&mut stats.fallbacks);
        self.fallbacks_failed.read_into(&mut stats.fallbacks_failed);
        self.latency.read_into(&mut stats.latency);
        stats.latency.add_total(self.total_nanos.load(Ordering::Relaxed));
        if let Some(waits) = self.waits.get() {
            waits.latency.read_into(&mut stats.waiting);
            stats.waiting.add_total(waits.total_nanos.load(Ordering::Relaxed));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use super::*;
    use crate::shard::Slot;

    #[test]
    fn what_every_success_adds_to_is_on_one_line() {
        let success = offset_of!(Counters, attempts) + 8 * AttemptOutcome::Success.place();
        for offset in [offset_of!(Counters, started), offset_of!(Counters, total_nanos), success] {
            assert!(offset < 64, "{offset}");
        }
    }

    #[test]
    fn calls_in_flight_are_those_that_neither_succeeded_nor_ended_otherwise() {
        let (counters, slot) = (Counters::default(), Slot::current());
        for _ in 0..6 {
            counters.call_started(slot);
        }
        counters.attempt(AttemptOutcome::Success, slot);
        counters.call_ended(CallOutcome::Success, 1_000, slot);
        counters.cache_hit(slot);
        counters.call_ended_without_body(CallOutcome::Success, slot);
        counters.call_ended_without_body(CallOutcome::Rejected(RejectionKind::Shed), slot);
        for outcome in [CallOutcome::Error, CallOutcome::Cancelled] {
            counters.call_ended(outcome, 100, slot);
        }
        counters.waited(50, slot);
        let mut stats = Stats::default();
        counters.read_into(&mut stats);
        assert_eq!(stats.calls(CallOutcome::Success), 2);
        assert_eq!((stats.ended(), stats.in_flight(), counters.in_flight()), (5, 1, 1));
        assert_eq!((stats.latency().count(), stats.latency().total().as_nanos()), (2, 1_100));
        assert_eq!((stats.waiting().count(), stats.waiting().total().as_nanos()), (1, 50));
    }
}
