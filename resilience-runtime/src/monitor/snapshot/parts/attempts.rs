//! Attempts by why they were made and how they ended.

use crate::monitor::snapshot::counts::Counts;

/// Attempts that ended: for each reason why they were made, by [outcome](crate::monitor::AttemptOutcome).
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct AttemptsSnapshot {
    /// The first attempts of their calls.
    pub original: Counts,
    /// Attempts after one that failed.
    pub retry: Counts,
    /// Copies of an attempt that was slow.
    pub hedge: Counts,
}

impl AttemptsSnapshot {
    /// Each type with its counts, in the order of the fields.
    pub fn types(&self) -> [(&'static str, &Counts); 3] {
        [("original", &self.original), ("retry", &self.retry), ("hedge", &self.hedge)]
    }

    /// Attempts that ended, however.
    pub fn total(&self) -> u64 {
        self.types().iter().fold(0, |sum, (_, counts)| sum.saturating_add(counts.total()))
    }
}
