//! Plain data: what a snapshot shows of what limits attempts, the retry budget and the bulkhead of a service.

/// A retry budget.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BudgetSnapshot {
    /// How many retries it would allow now; a token bucket has parts of tokens.
    pub tokens: f64,
    /// The most that it can hold.
    pub capacity: f64,
}

/// A bulkhead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BulkheadSnapshot {
    /// How many attempts hold a permit.
    pub in_flight: u32,
    /// How many may hold one now.
    pub limit: u32,
    /// How many wait for one.
    pub queue_depth: u32,
    /// Whether the limit follows what the dependency copes with.
    pub adaptive: bool,
}
