//! Plain data: what a snapshot shows of an error pattern. Patterns are counted in `monitor/patterns`.

/// One kind of failure of a service, and how often it occurred. It never holds the text of an error.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ErrorPattern {
    /// What it is: the variant of an error type with `#[derive(Classify)]`, such as `ApiError::Timeout`; else the name of its type;
    /// `timed_out` for an attempt that ran into its timeout and `unwanted_ok` for an `Ok` that was not accepted; `other` for
    /// what had no slot: 64 sorts of a service are told apart.
    pub what: String,
    /// The status of the answer, where there was one.
    pub status: Option<u16>,
    /// How it was classified last: the [outcome](crate::monitor::AttemptOutcome) of the attempt.
    pub outcome: &'static str,
    /// How many calls ended with it since it has its slot; a slot is freed after 10 minutes without an occurrence.
    pub count: u64,
    /// How many attempts failed with it since then, those included that a retry made good.
    pub attempts: u64,
    /// When it last occurred.
    pub last_at_ms: u64,
}
