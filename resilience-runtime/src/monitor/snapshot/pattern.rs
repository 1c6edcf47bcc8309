//! Error patterns: what failures have in common.

/// One kind of failure of a service, and how often it occurred. It never holds the text of an error.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ErrorPattern {
    /// What it is: the variant of an error type with `#[derive(Classify)]`, such as `Timeout`; else the name of its type;
    /// `other` for what had no slot.
    pub what: String,
    /// The status of the answer, where there was one.
    pub status: Option<u16>,
    /// How the failure is classified: the [outcome](crate::monitor::AttemptOutcome) of the attempt.
    pub outcome: &'static str,
    /// How often it occurred since it has its slot; a slot is freed after 10 minutes without an occurrence.
    pub count: u64,
    /// When it last occurred.
    pub last_at_ms: u64,
}
