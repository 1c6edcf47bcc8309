//! The counters of one service. In: the start and end of calls and attempts, on the call path. Out: their sums, for a
//! reading. Each thread adds to counters of its own.

use super::latency::LatencyCells;
use super::outcome::{AttemptNumber, AttemptOutcome, AttemptType, CallOutcome, CallerOutcome, Series};
use super::stats::Stats;
use super::waited_for::WaitedFor;
use crate::counting::shard::Writer;
use crate::ending::Ending;
use crate::rejection::RejectionKind;
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

/// One thread's counters of a service.
///
/// Successful calls have no counter of their own: each has exactly one successful attempt, or one cache hit, and
/// neither occurs without such a call. (Degraded answers stay failures, hedged copies that lose are abandoned, an
/// `Ok` that `retry_if_ok` refuses is no success.) A call that passes through is counted nowhere.
///
/// The order of the fields puts what a success adds to on the first cache line, except its latency bucket.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Counters {
    started: AtomicU64,
    total_nanos: AtomicU64,
    /// Successful attempts by number: each is a call that needed so many attempts.
    successes: Cells<{ AttemptNumber::ALL }>,
    cache_hits: AtomicU64,
    /// Other attempts by type and outcome.
    failed: [Cells<{ AttemptOutcome::ALL.len() }>; AttemptType::ALL.len()],
    /// Calls without a success, by outcome for their callers.
    seen: Cells<{ CallerOutcome::ALL.len() }>,
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
    /// Allocated at the first wait: most services have none.
    waits: OnceBox<Waits>,
}

/// How long calls waited.
#[derive(Debug, Default)]
struct Waits {
    nanos: [AtomicU64; WaitedFor::ALL.len()],
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
        // The time of a call that never ended says nothing about the service.
        if !matches!(outcome, CallOutcome::Cancelled | CallOutcome::Panicked) {
            by.add(&self.total_nanos, nanos);
            self.latency.record(nanos, by);
        }
    }

    /// Counts the end of a call whose body never ran, because it was rejected or answered by its cache. Its time is
    /// not recorded: it says nothing about the service, and in an outage such times would outweigh all others.
    #[inline]
    pub(crate) fn call_ended_without_body(&self, outcome: CallOutcome, by: impl Writer) {
        match outcome {
            // Its attempt or its cache hit has been counted.
            CallOutcome::Success => {}
            CallOutcome::Error => by.add(&self.error, 1),
            CallOutcome::Rejected(kind) => self.rejected.add(kind, by),
            CallOutcome::Cancelled => by.add(&self.cancelled, 1),
            CallOutcome::Panicked => by.add(&self.panicked, 1),
        }
    }

    /// Counts the end of a wait.
    #[cold]
    pub(crate) fn waited(&self, wait: WaitedFor, nanos: u64, by: impl Writer) {
        let waits = self.waits.get_or_init(Box::default);
        by.add(&waits.nanos[wait as usize], nanos);
        // A delay is chosen by this library, and says nothing about contention.
        if wait != WaitedFor::Backoff {
            waits.latency.record(nanos, by);
        }
    }

    /// Counts a successful attempt, and with it the success of its call.
    #[inline]
    pub(crate) fn attempt_succeeded(&self, number: AttemptNumber, by: impl Writer) {
        self.successes.add(number, by);
    }

    /// Counts an attempt with another outcome.
    #[inline]
    pub(crate) fn attempt_failed(&self, number: AttemptNumber, outcome: AttemptOutcome, by: impl Writer) {
        self.failed[number.attempt_type() as usize].add(outcome, by);
    }

    /// Counts the end of a call without a success, as its caller sees it. Called once, when no other source can
    /// answer for it any more.
    #[inline]
    pub(crate) fn seen(&self, outcome: CallerOutcome, by: impl Writer) {
        self.seen.add(outcome, by);
    }

    pub(crate) fn retry(&self, by: impl Writer) {
        by.add(&self.retries, 1);
    }

    pub(crate) fn ending(&self, ending: Ending, by: impl Writer) {
        self.endings.add(ending, by);
    }

    /// Calls that started on this thread minus those that ended on it, wrapping: the sum over all threads is the
    /// number of calls in flight.
    pub(crate) fn in_flight(&self) -> u64 {
        let (mut ended, mut succeeded) = ([0; RejectionKind::ALL.len()], [0; AttemptNumber::ALL]);
        self.rejected.read_into(&mut ended);
        self.successes.read_into(&mut succeeded);
        [&self.cache_hits, &self.error, &self.cancelled, &self.panicked]
            .into_iter()
            .map(|cell| cell.load(Ordering::Relaxed))
            .chain(ended)
            .chain(succeeded)
            .fold(self.started.load(Ordering::Relaxed), u64::wrapping_sub)
    }

    pub(crate) fn fallback(&self, source: Source, by: impl Writer) {
        self.fallbacks.add(source, by);
    }

    /// Counts a source that was asked and had no answer.
    pub(crate) fn fallback_failed(&self, source: Source, by: impl Writer) {
        self.fallbacks_failed.add(source, by);
    }

    /// Counts a failed call for which no source was asked.
    pub(crate) fn fallback_skipped(&self, by: impl Writer) {
        by.add(&self.fallbacks_skipped, 1);
    }

    pub(crate) fn cache_hit(&self, by: impl Writer) {
        by.add(&self.cache_hits, 1);
    }

    /// Adds these counters to a reading.
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
        self.successes.read_into(&mut stats.successes);
        for (sums, cells) in stats.failed.iter_mut().zip(&self.failed) {
            cells.read_into(sums);
        }
        self.seen.read_into(&mut stats.seen);
        self.endings.read_into(&mut stats.endings);
        self.fallbacks.read_into(&mut stats.fallbacks);
        self.fallbacks_failed.read_into(&mut stats.fallbacks_failed);
        self.latency.read_into(&mut stats.latency);
        stats.latency.add_total(self.total_nanos.load(Ordering::Relaxed));
        if let Some(waits) = self.waits.get() {
            waits.latency.read_into(&mut stats.waiting);
            for (wait, nanos) in WaitedFor::ALL.into_iter().zip(&waits.nanos) {
                let nanos = nanos.load(Ordering::Relaxed);
                stats.waits[wait as usize] = stats.waits[wait as usize].wrapping_add(nanos);
                if wait != WaitedFor::Backoff {
                    stats.waiting.add_total(nanos);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use super::*;
    use crate::counting::shard::Slot;

    #[test]
    fn what_every_success_adds_to_is_on_one_line() {
        let success = offset_of!(Counters, successes) + 8 * AttemptNumber::FIRST.place();
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
        counters.attempt_succeeded(AttemptNumber::FIRST, slot);
        counters.call_ended(CallOutcome::Success, 1_000, slot);
        counters.cache_hit(slot);
        counters.call_ended_without_body(CallOutcome::Success, slot);
        counters.call_ended_without_body(CallOutcome::Rejected(RejectionKind::Shed), slot);
        for outcome in [CallOutcome::Error, CallOutcome::Cancelled] {
            counters.call_ended(outcome, 100, slot);
        }
        counters.waited(WaitedFor::Queue, 50, slot);
        counters.waited(WaitedFor::Backoff, 70, slot);
        let mut stats = Stats::default();
        counters.read_into(&mut stats);
        assert_eq!(stats.calls(CallOutcome::Success), 2);
        assert_eq!((stats.ended(), stats.in_flight(), counters.in_flight()), (5, 1, 1));
        assert_eq!((stats.latency().count(), stats.latency().total().as_nanos()), (2, 1_100));
        assert_eq!((stats.waiting().count(), stats.waiting().total().as_nanos()), (1, 50));
    }
}
