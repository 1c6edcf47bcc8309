//! Data: what a snapshot shows of one service, the dashboard's JSON: a new field begins here. `observe/service` fills it in.

use super::{
    AttemptsSnapshot, BreakerSnapshot, BudgetSnapshot, BulkheadSnapshot, CallCounts, Counts, ErrorPattern,
    FallbacksSnapshot, HealthReport, LatencySnapshot, PartitionsSnapshot, SampleSnapshot, SiteSnapshot,
    SparkPoint, WaitingSnapshot, Windows,
};

/// One service: its settings, its counters since the process started, its last minutes, and its current state.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ServiceSnapshot {
    /// Its name. It may hold any character; escape it where it is shown.
    pub name: String,
    /// Its kind, such as `http_api`.
    pub kind: &'static str,
    /// The label `service_type` of the file, if it has one.
    pub service_type: Option<String>,
    /// The template that its settings start from: that of the file, else that of its kind.
    pub template: String,
    /// Its health.
    pub health: HealthReport,
    /// Calls by how they ended, as the caller saw it.
    pub calls: CallCounts,
    /// Attempts by why they were made and how they ended.
    pub attempts: AttemptsSnapshot,
    /// Successful calls by the attempts that they needed: 1, 2, 3, 4, and 5 or more. Answers of a cache needed none.
    pub attempts_needed: [u64; 5],
    /// How long calls took whose body ran.
    pub latency: LatencySnapshot,
    /// How long calls waited, and for what.
    pub waiting: WaitingSnapshot,
    /// Rejected calls by [kind](crate::RejectionKind) of rejection.
    pub rejections: Counts,
    /// Calls without a success, by what prevented another [attempt](crate::Ending).
    pub unretried: Counts,
    /// How attempts went since sampling began; `null` before the first call that was sampled. Not in the stream.
    pub sample: Option<SampleSnapshot>,
    /// The last 10 s, minute and five minutes; `null` while nobody samples, or calls are not counted.
    pub windows: Option<Windows>,
    /// The last two minutes in points of 2 s, oldest first: at most 60, fewer while the sampler is younger. The last point
    /// is complete.
    pub sparkline: Vec<SparkPoint>,
    /// Its breaker, for all calls whose partition has none of its own.
    pub breaker: BreakerSnapshot,
    /// Its retry budget; `null` when it is off.
    pub budget: Option<BudgetSnapshot>,
    /// Its bulkhead; `null` when it is off.
    pub bulkhead: Option<BulkheadSnapshot>,
    /// Calls with which the rules would have done something, had they not only observed them, by the
    /// [decision](crate::monitor::ObservedDecision). While the rules act and always have, there are none, and JSON has no such
    /// field.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Counts::is_empty"))]
    pub would: Counts,
    /// The probability with which the client-side throttle rejects the next attempt; `null` when it is off.
    pub throttle_probability: Option<f64>,
    /// What was asked to answer for failed calls.
    pub fallbacks: FallbacksSnapshot,
    /// Calls that a `ReadThrough` cache answered.
    pub cache_hits: u64,
    /// The results of idempotency clauses; empty until a call has one.
    pub idempotency: Counts,
    /// Its partitions, if its calls have any.
    pub partitions: PartitionsSnapshot,
    /// Its call sites in the program, in the order of their names.
    pub sites: Vec<SiteSnapshot>,
    /// Its recent failures by kind, the most frequent first.
    pub error_patterns: Vec<ErrorPattern>,
    /// Attempts that rules of chaos have hit, by the name of the rule; `script` for all scripts. Without feature `testing`
    /// there are none, and JSON has no such field where there are none.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Counts::is_empty"))]
    pub injections: Counts,
}
