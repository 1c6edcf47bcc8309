//! Counts calls and attempts of one service, by thread: a new counter begins here. `registry/service/counter_sums` adds up. In: the
//! start and end of calls and attempts, on the call path. Out: their sums, for a reading. Each thread adds to counters of its own.

pub(super) mod apart;
pub(super) mod site_counters;

use self::apart::TimesApart;
use super::latency::LatencyCells;
use super::outcome::{AttemptNumber, AttemptOutcome, AttemptType, CallOutcome, Series};
use super::outcome::{IdempotencyResult, ObservedDecision};
use super::stats::Stats;
use super::waited_for::WaitedFor;
use crate::counting::shard::Writer;
use crate::ending::Ending;
use crate::rejection::RejectionKind;
use crate::source::Source;
use crate::sync::OnceBox;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::zeros;

/// A counter for each label of a series.
#[derive(Debug)]
struct Cells<const N: usize>([AtomicU64; N]);

impl<const N: usize> Default for Cells<N> {
    fn default() -> Self {
        Self(zeros())
    }
}

impl<const N: usize> Cells<N> {
    #[inline]
    pub(super) fn add<S: Series>(&self, label: S, by: impl Writer) {
        by.add(&self.0[label.place()], 1);
    }

    pub(super) fn read_into(&self, sums: &mut [u64]) {
        for (sum, cell) in sums.iter_mut().zip(&self.0) {
            *sum = sum.wrapping_add(cell.load(Ordering::Relaxed));
        }
    }
}

/// One thread's part of the counters of a service. Begun calls, successes and what callers saw are counted by
/// [sites](site_counters).
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Counters {
    /// Attempts that did not succeed, by why they were made.
    failed: [Cells<{ AttemptOutcome::ALL.len() }>; AttemptType::ALL.len()],
    error: AtomicU64,
    cancelled: AtomicU64,
    panicked: AtomicU64,
    retries: AtomicU64,
    rejected: Cells<{ RejectionKind::ALL.len() }>,
    endings: Cells<{ Ending::ALL.len() }>,
    fallbacks: Cells<{ Source::ALL.len() }>,
    fallbacks_failed: Cells<{ Source::ALL.len() }>,
    fallbacks_skipped: AtomicU64,
    /// Of calls that are one attempt and nothing else.
    latency: LatencyCells,
    /// Of the others. Allocated at the first of them.
    apart: OnceBox<TimesApart>,
    /// Allocated at the first wait: most services have none.
    waits: OnceBox<Waits>,
    /// Made by the first call with an idempotency clause.
    idempotency: OnceBox<Cells<{ IdempotencyResult::ALL.len() }>>,
    /// Made by the first call that is observed, and with which its rules would have done something.
    observed: OnceBox<Cells<{ ObservedDecision::ALL.len() }>>,
}

/// How long calls waited.
#[derive(Debug, Default)]
struct Waits {
    nanos: [AtomicU64; WaitedFor::ALL.len()],
    latency: LatencyCells,
}

impl Counters {
    /// Counts the end of a call.
    #[inline]
    pub(super) fn call_ended(&self, outcome: CallOutcome, by: impl Writer) {
        match outcome {
            // Its attempt or its cache hit has been counted.
            CallOutcome::Success => {}
            CallOutcome::Error => by.add(&self.error, 1),
            CallOutcome::Rejected(kind) => self.rejected.add(kind, by),
            CallOutcome::Cancelled => by.add(&self.cancelled, 1),
            CallOutcome::Panicked => by.add(&self.panicked, 1),
        }
    }

    /// Counts how long a call took that is an attempt that succeeded, and nothing else.
    #[inline]
    pub(super) fn attempt_took(&self, nanos: u64, by: impl Writer) {
        self.latency.record(nanos, by);
    }

    /// Counts how long another call took whose body ran.
    #[inline]
    pub(super) fn call_took(&self, nanos: u64, by: impl Writer) {
        self.apart.get_or_init(Box::default).call_took(nanos, by);
    }

    /// The same of a call that has succeeded after a wait or a failed attempt, and of the attempt that did.
    #[inline(never)]
    pub(super) fn call_took_with(&self, attempt_nanos: u64, nanos: u64, by: impl Writer) {
        let apart = self.apart.get_or_init(Box::default);
        apart.call_took(nanos, by);
        apart.attempt_took(attempt_nanos, by);
    }

    /// Counts the end of a wait.
    #[cold]
    pub(crate) fn waited(&self, wait: WaitedFor, nanos: u64, by: impl Writer) {
        let waits = self.waits.get_or_init(Box::default);
        by.add(&waits.nanos[wait as usize], nanos);
        // A delay is chosen by this library, and says nothing about contention.
        if wait.is_for_others() {
            waits.latency.record(nanos, by);
        }
    }

    /// Counts the result of an idempotency clause.
    #[cold]
    pub(crate) fn idempotency(&self, result: IdempotencyResult, by: impl Writer) {
        self.idempotency.get_or_init(Box::default).add(result, by);
    }

    /// Counts what the rules would have done with a call that is only observed.
    #[cold]
    pub(crate) fn observed(&self, decision: ObservedDecision, by: impl Writer) {
        self.observed.get_or_init(Box::default).add(decision, by);
    }

    /// Counts an attempt that ended otherwise.
    #[inline]
    pub(crate) fn attempt_failed(&self, number: AttemptNumber, outcome: AttemptOutcome, by: impl Writer) {
        self.failed[number.attempt_type() as usize].add(outcome, by);
    }

    pub(crate) fn retry(&self, by: impl Writer) {
        by.add(&self.retries, 1);
    }

    pub(crate) fn ending(&self, ending: Ending, by: impl Writer) {
        self.endings.add(ending, by);
    }

    /// Minus the calls that ended here without a success, wrapping: with those that are under way or succeeded at the sites,
    /// the sum over all parts is the calls that run.
    pub(crate) fn in_flight(&self) -> u64 {
        let mut ended = [0; RejectionKind::ALL.len()];
        self.rejected.read_into(&mut ended);
        [&self.error, &self.cancelled, &self.panicked]
            .into_iter()
            .map(|cell| cell.load(Ordering::Relaxed))
            .chain(ended)
            .fold(0, u64::wrapping_sub)
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

    /// Adds what this part has counted to a reading.
    pub(crate) fn read_into(&self, stats: &mut Stats) {
        for (sum, cell) in [
            (&mut stats.error, &self.error),
            (&mut stats.cancelled, &self.cancelled),
            (&mut stats.panicked, &self.panicked),
            (&mut stats.retries, &self.retries),
            (&mut stats.fallbacks_skipped, &self.fallbacks_skipped),
        ] {
            *sum = sum.wrapping_add(cell.load(Ordering::Relaxed));
        }
        self.rejected.read_into(&mut stats.rejected);
        for (sums, cells) in stats.failed.iter_mut().zip(&self.failed) {
            cells.read_into(sums);
        }
        self.endings.read_into(&mut stats.endings);
        self.fallbacks.read_into(&mut stats.fallbacks);
        self.fallbacks_failed.read_into(&mut stats.fallbacks_failed);
        self.latency.read_into(&mut stats.latency);
        if let Some(apart) = self.apart.get() {
            apart.read_into(&mut stats.latency, stats.apart.get_or_insert_default());
        }
        if let Some(idempotency) = self.idempotency.get() {
            let sums = stats.idempotency.get_or_insert_default();
            idempotency.read_into(sums);
        }
        if let Some(observed) = self.observed.get() {
            observed.read_into(stats.observed.get_or_insert_default());
        }
        if let Some(waits) = self.waits.get() {
            waits.latency.read_into(&mut stats.waiting);
            for (wait, nanos) in WaitedFor::ALL.into_iter().zip(&waits.nanos) {
                let nanos = nanos.load(Ordering::Relaxed);
                stats.waits[wait as usize] = stats.waits[wait as usize].wrapping_add(nanos);
                if wait.is_for_others() {
                    stats.waiting.add_total(nanos);
                }
            }
        }
    }
}
