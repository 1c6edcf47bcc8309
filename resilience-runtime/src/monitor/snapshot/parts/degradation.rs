//! Plain data: what a snapshot shows of the answers in place of failed calls.

use crate::monitor::snapshot::counts::Counts;

/// How often each [source](crate::Source) was asked for an answer in place of a call that failed.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FallbacksSnapshot {
    /// It answered.
    pub success: Counts,
    /// It had no answer: it failed itself, or its time was up.
    pub failure: Counts,
    /// No source was asked, though there are some: `fallback_if` did not name the error, or degradation is switched off.
    pub skipped: u64,
}
