//! The keys of a rule of chaos, and what each takes.

use crate::policy::Shape;

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Takes {
    Value(Shape),
    /// A text that is not empty; what of, to stand behind "must be".
    Text(&'static str),
    /// A [`Distribution`](crate::distribution::Distribution).
    Latency,
    /// One of [`REJECTIONS`].
    Rejection,
}

pub const KEYS: &[(&str, Takes)] = &[
    ("target", Takes::Text("a service such as `db`, a function of it such as `db@load`, or `*`")),
    ("partition", Takes::Text("the label of a partition, or its number after `#`")),
    ("error", Takes::Text("a kind of error such as `timed_out`, or a name that the program has registered")),
    ("latency", Takes::Latency),
    ("hang", Takes::Value(Shape::Switch)),
    ("panic", Takes::Value(Shape::Switch)),
    ("reject", Takes::Rejection),
    ("rate", Takes::Value(Shape::POSITIVE_SHARE)),
    ("count", Takes::Value(Shape::COUNT)),
    ("after", Takes::Value(Shape::DELAY)),
    ("for", Takes::Value(Shape::SPAN)),
    ("every", Takes::Value(Shape::SPAN)),
    ("expires_after", Takes::Value(Shape::SPAN)),
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
