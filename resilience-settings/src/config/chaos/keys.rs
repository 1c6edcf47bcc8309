//! The keys of `[chaos]`: a new one begins here. In: the name of a key of `[chaos]`. Out: what it does and which values it takes,
//! for reader, schema and messages. The reader, its messages, the schema and the default file are made of them.

use crate::distribution::Distribution;
use crate::policy::Shape;
use crate::rules::accepted::accepted;
use crate::suggest::listed;

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Takes {
    Value(Shape),
    /// Whom a rule hits, by [`is_target`](super::is_target).
    Target,
    /// A text that is not empty; what of, to stand behind "must be".
    Text(&'static str),
    /// A [`Distribution`](crate::distribution::Distribution).
    Latency,
    /// One of [`REJECTIONS`].
    Rejection,
}

/// A key of a rule.
#[derive(Clone, Copy, Debug)]
pub struct ChaosKey {
    pub name: &'static str,
    pub takes: Takes,
    /// What it does, in sentences.
    pub meaning: &'static str,
    /// A value of it, as a file says it.
    pub example: &'static str,
}

impl ChaosKey {
    const fn new(name: &'static str, takes: Takes, meaning: &'static str, example: &'static str) -> Self {
        Self { name, takes, meaning, example }
    }

    /// What it takes, to stand behind "must be".
    pub fn accepted(&self) -> String {
        match self.takes {
            Takes::Value(shape) => accepted(shape),
            Takes::Target => "a service such as `db`, a function of it such as `db@load`, or `*`".to_owned(),
            Takes::Text(what) => what.to_owned(),
            Takes::Latency => Distribution::ACCEPTED.to_owned(),
            Takes::Rejection => format!("one of {}", listed(REJECTIONS)),
        }
    }
}

/// The key of that name.
pub fn find(name: &str) -> Option<&'static ChaosKey> {
    KEYS.iter().find(|key| key.name == name)
}

/// What an attempt meets in place of its body: one of these at most, and this or `latency` at least.
pub const FAULTS: &[&str] = &["error", "hang", "panic", "reject"];

/// The most rules of one file: each attempt that is not sure to be spared asks all of them.
pub const MOST_RULES: usize = 64;

/// The longest name of one in bytes. It is a label of metrics.
pub const LONGEST_NAME: usize = 100;

pub const KEYS: &[ChaosKey] = &[
    ChaosKey::new("target", Takes::Target, "Whom it hits.", "\"example\""),
    ChaosKey::new(
        "partition",
        Takes::Text("the label of a partition, or its number after `#`"),
        "Only attempts of this partition.",
        "\"#0\"",
    ),
    ChaosKey::new(
        "error",
        Takes::Text("a kind of error such as `timed_out`, or a name that the program has registered"),
        "In place of the body, this error.",
        "\"timed_out\"",
    ),
    ChaosKey::new(
        "latency",
        Takes::Latency,
        "The attempt waits before its body runs, or before the fault.",
        "\"lognormal(200ms, 0.5)\"",
    ),
    ChaosKey::new(
        "hang",
        Takes::Value(Shape::Switch),
        "The attempt never ends by itself: its timeout ends it, or the deadline of the call.",
        "true",
    ),
    ChaosKey::new("panic", Takes::Value(Shape::Switch), "The attempt panics.", "true"),
    ChaosKey::new(
        "reject",
        Takes::Rejection,
        "The attempt ends as if a call inside it had been turned away: no vote for the breaker, and not retried.",
        "\"circuit_open\"",
    ),
    ChaosKey::new(
        "rate",
        Takes::Value(Shape::POSITIVE_SHARE),
        "The share of attempts that it hits; when unset all.",
        "1.0",
    ),
    ChaosKey::new(
        "count",
        Takes::Value(Shape::COUNT),
        "It ends after so many attempts were hit; when unset never.",
        "1000",
    ),
    ChaosKey::new(
        "after",
        Takes::Value(Shape::DELAY),
        "It begins to act so long after the file was loaded.",
        "\"0s\"",
    ),
    ChaosKey::new(
        "for",
        Takes::Value(Shape::SPAN),
        "It acts for so long, and then ends; with `every`, each time. When unset, without an end.",
        "\"10s\"",
    ),
    ChaosKey::new(
        "every",
        Takes::Value(Shape::SPAN),
        "It begins to act again so long after it began. Needs `for`, and is longer than that.",
        "\"1m\"",
    ),
    ChaosKey::new(
        "expires_after",
        Takes::Value(Shape::SPAN),
        "It ends so long after the file was loaded, whatever else holds; when unset, with the file.",
        "\"1h\"",
    ),
];

/// The kinds of rejections, as metrics name them.
pub const REJECTIONS: &[&str] = &[
    "circuit_open",
    "bulkhead_full",
    "would_miss_deadline",
    "rate_limited",
    "throttled",
    "shed",
    "redirect_cycle",
    "attempt_timeout",
    "deadline_exceeded",
    "idempotency_key_empty",
    "idempotency_in_progress",
    "idempotency_mismatch",
    "idempotency_result_unavailable",
    "idempotency_store_unavailable",
    "idempotency_scope_shared",
];
