//! The counters of a service: one part per thread, added to on the call path, summed when somebody asks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::latency::LatencyCells;
use super::outcome::{AttemptOutcome, CallOutcome, Series};
use super::stats::Stats;
use crate::ending::Ending;
use crate::rejection::RejectionKind;
use crate::shard::Slot;
use crate::source::Source;

/// A counter for each label of a series.
#[derive(Debug)]
struct Cells<const N: usize>([AtomicU64; N]);

impl<const N: usize> Default for Cells<N> {
    fn default() -> Self {
        Self([const { AtomicU64::new(0) }; N])
    }
}

impl<const N: usize> Cells<N> {
    #[inline]
    fn add<S: Series>(&self, label: S, slot: Slot) {
        slot.add(&self.0[label.place()], 1);
    }

    fn read_into(&self, sums: &mut [u64]) {
        for (sum, cell) in sums.iter_mut().zip(&self.0) {
            *sum = sum.wrapping_add(cell.load(Ordering::Relaxed));
        }
    }
}

/// One thread's part of the counters of a service.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    started: AtomicU64,
    success: AtomicU64,
    error: AtomicU64,
    cancelled: AtomicU64,
    panicked: AtomicU64,
    retries: AtomicU64,
    rejected: Cells<{ RejectionKind::ALL.len() }>,
    attempts: Cells<{ AttemptOutcome::ALL.len() }>,
    endings: Cells<{ Ending::ALL.len() }>,
    fallbacks: Cells<{ Source::ALL.len() }>,
    cache_hits: AtomicU64,
    latency: LatencyCells,
}

impl Counters {
    #[inline]
    pub(crate) fn call_started(&self, slot: Slot) {
        slot.add(&self.started, 1);
    }

    #[inline]
    pub(crate) fn call_ended(&self, outcome: CallOutcome, time: Duration, slot: Slot) {
        match outcome {
            CallOutcome::Success => slot.add(&self.success, 1),
            CallOutcome::Error => slot.add(&self.error, 1),
            CallOutcome::Rejected(kind) => self.rejected.add(kind, slot),
            // How long a call took that never ended says nothing about the service.
            CallOutcome::Cancelled => return slot.add(&self.cancelled, 1),
            CallOutcome::Panicked => return slot.add(&self.panicked, 1),
        }
        self.latency.record(time, slot);
    }

    #[inline]
    pub(crate) fn attempt(&self, outcome: AttemptOutcome, slot: Slot) {
        self.attempts.add(outcome, slot);
    }

    pub(crate) fn retry(&self, slot: Slot) {
        slot.add(&self.retries, 1);
    }

    pub(crate) fn ending(&self, ending: Ending, slot: Slot) {
        self.endings.add(ending, slot);
    }

    /// Calls that started here minus those that ended here, wrapping: the sum over all parts is the calls that run.
    pub(crate) fn in_flight(&self) -> u64 {
        let mut ended = [0; RejectionKind::ALL.len()];
        self.rejected.read_into(&mut ended);
        [&self.success, &self.error, &self.cancelled, &self.panicked]
            .into_iter()
            .map(|cell| cell.load(Ordering::Relaxed))
            .chain(ended)
            .fold(self.started.load(Ordering::Relaxed), u64::wrapping_sub)
    }

    pub(crate) fn fallback(&self, source: Source, slot: Slot) {
        self.fallbacks.add(source, slot);
    }

    pub(crate) fn cache_hit(&self, slot: Slot) {
        slot.add(&self.cache_hits, 1);
    }

    /// Adds what this part has counted to a reading.
    pub(crate) fn read_into(&self, stats: &mut Stats) {
        for (sum, cell) in [
            (&mut stats.started, &self.started),
            (&mut stats.success, &self.success),
            (&mut stats.error, &self.error),
            (&mut stats.cancelled, &self.cancelled),
            (&mut stats.panicked, &self.panicked),
            (&mut stats.retries, &self.retries),
            (&mut stats.cache_hits, &self.cache_hits),
        ] {
            *sum = sum.wrapping_add(cell.load(Ordering::Relaxed));
        }
        self.rejected.read_into(&mut stats.rejected);
        self.attempts.read_into(&mut stats.attempts);
        self.endings.read_into(&mut stats.endings);
        self.fallbacks.read_into(&mut stats.fallbacks);
        self.latency.read_into(&mut stats.latency);
    }
}
