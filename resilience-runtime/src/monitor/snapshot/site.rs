//! Plain data: what a snapshot shows of one call site, an annotated function or a handle.

use super::CallCounts;

/// A function that calls a service, or a place that does so by handles or `resilient_call`, with what its calls came to.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SiteSnapshot {
    /// The function, by its path in the program; for a place without one, what makes the calls there.
    pub function: String,
    /// Its source file.
    pub file: &'static str,
    /// Its line in the file.
    pub line: u32,
    /// Its calls by outcome. `in_flight` is 0: only services know.
    pub calls: CallCounts,
    /// The sum of the times of its calls whose body ran.
    pub total_us: u64,
}
