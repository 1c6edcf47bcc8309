//! The list of keys that attributes refuse, with the words of the compiler, for tests. In: a key and an attribute. Out: why it is
//! refused there, if it is. The tests of the macros hold every attribute to this table too.

/// Which attributes refuse a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// Every one that writes nothing else.
    Each,
    /// The one whose body runs once.
    Once,
    /// Those that stand for a kind of service.
    OfKind,
}

/// What is to be known of an attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Of {
    pub(crate) retries: bool,
    pub(crate) has_kind: bool,
}

const RETRIES: &str = "since `graceful_degradation` alone never retries";

/// A word of a clause stands for the clause.
pub(crate) const REFUSED: &[(&str, By, &str)] = &[
    ("max_partitions", By::Each, "`max_partitions` cannot act without `partition`"),
    (
        "degrade_timeout",
        By::Each,
        "`degrade_timeout` limits `redirect` and `fallback`, and neither is written",
    ),
    ("kind", By::OfKind, "says the kind already: remove `kind`"),
    ("max_attempts", By::Once, RETRIES),
    ("strategy", By::Once, RETRIES),
    ("base_delay", By::Once, RETRIES),
    ("max_delay", By::Once, RETRIES),
    ("multiplier", By::Once, RETRIES),
    ("jitter", By::Once, RETRIES),
    ("retryable_status_codes", By::Once, RETRIES),
    ("max_retry_after", By::Once, RETRIES),
    ("nested_retries", By::Once, RETRIES),
    ("retry_enabled", By::Once, RETRIES),
    ("retry_budget_enabled", By::Once, RETRIES),
    ("budget", By::Once, RETRIES),
    ("idempotency", By::Once, "since `graceful_degradation` alone protects no call"),
];

/// The word that a message names of a key: a clause for all that stands in it.
pub(crate) fn word(key: &str) -> &str {
    key.split_once('.').map_or(key, |(clause, _)| clause)
}

/// Why an attribute refuses a key.
pub(crate) fn refusal(key: &str, of: Of) -> Option<&'static str> {
    let is_refused = |by| match by {
        By::Each => true,
        By::Once => !of.retries,
        By::OfKind => of.has_kind,
    };
    let found = REFUSED.iter().find(|(name, by, _)| *name == word(key) && is_refused(*by));
    found.map(|(_, _, says)| *says)
}
