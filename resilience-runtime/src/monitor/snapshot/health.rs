//! Plain data: what a snapshot shows of the health of a service, a number with its reasons. It is found in `monitor/health`.

/// The health of a service over the last minute: the smallest of several factors, see the
/// [formula](crate::monitor::snapshot::HealthReport#formula).
///
/// # Formula
///
/// Each factor is between 0 and 100, and the score is the smallest, rounded down. 20 imagined successes keep one failed
/// call at night from alarming anybody.
///
/// | factor | value |
/// | --- | --- |
/// | callers | of a = 1 − (failure + rejected + panicked) / (ended + 20): 1→100, .999→97, .99→85, .95→60, .9→40, .5→10, 0→0, linear between |
/// | degraded | max(60, 100 − 40 · degraded / (ended + 20)) |
/// | dependency | max(40, 100 − 120 · failed attempts / (attempts + 20)) |
/// | breaker | closed 100, forced closed 70, half-open 50, open and forced open 20 |
/// | partitions | 100 − 80 · open / all |
/// | budget | if retries were refused: max(50, 90 − 100 · refused / (ended + 20)) |
/// | waiting | max(50, 100 − 100 · share of call time spent in queues) |
/// | others | a store away 80, last reload refused 90 |
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct HealthReport {
    /// From 0 (nobody gets an answer) to 100 (nothing wrong).
    pub score: u8,
    /// Why it is not 100, at most three, the worst first; `no traffic` when idle. An English phrase that holds
    /// numbers and words of this crate, and never a name or a text from outside.
    pub reasons: Vec<String>,
}

impl Default for HealthReport {
    /// Full health, without reasons.
    fn default() -> Self {
        Self { score: 100, reasons: vec!["no traffic".into()] }
    }
}
