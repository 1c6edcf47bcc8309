//! Labels with counts, and buckets. In: the counts that are not 0. Out: every label of the set, as snapshots have them.

use crate::monitor::AttemptOutcome;
use crate::monitor::snapshot::Counts;
use crate::source::Source;

pub(super) const NOW: u64 = 1_764_312_000_000;
pub(super) const STATES: [&str; 5] = ["closed", "open", "half_open", "forced_open", "forced_closed"];

/// The labels with the counts that are given; the others have 0.
pub(super) fn counts(labels: impl IntoIterator<Item = &'static str>, given: &[(&str, u64)]) -> Counts {
    let count = |label: &str| given.iter().find(|(known, _)| *known == label).map_or(0, |(_, count)| *count);
    labels.into_iter().map(|label| (label, count(label))).collect()
}

pub(super) fn attempts(given: &[(&str, u64)]) -> Counts {
    counts(AttemptOutcome::ALL.iter().map(|outcome| outcome.name()), given)
}

pub(super) fn sources(given: &[(&str, u64)]) -> Counts {
    counts(Source::ALL.iter().map(|source| source.name()), given)
}

pub(super) fn buckets(first: usize, counts: &[u64]) -> [u64; 24] {
    let mut buckets = [0; 24];
    buckets[first..first + counts.len()].copy_from_slice(counts);
    buckets
}
