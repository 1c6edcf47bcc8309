//! Plain data: what a snapshot shows of the attempts of a service, by type and outcome.

use crate::monitor::snapshot::counts::Counts;

/// Attempts that ended: for each type, by [outcome](crate::monitor::AttemptOutcome).
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct AttemptsSnapshot {
    /// The first attempts of their calls.
    pub original: Counts,
    /// Attempts after a failed one.
    pub retry: Counts,
    /// Copies of a slow attempt.
    pub hedge: Counts,
}

impl AttemptsSnapshot {
    /// Each type with its counts, in the order of the fields.
    pub fn types(&self) -> [(&'static str, &Counts); 3] {
        [("original", &self.original), ("retry", &self.retry), ("hedge", &self.hedge)]
    }

    /// Attempts that ended, with any outcome.
    pub fn total(&self) -> u64 {
        self.types().iter().fold(0, |sum, (_, counts)| sum.saturating_add(counts.total()))
    }
}
