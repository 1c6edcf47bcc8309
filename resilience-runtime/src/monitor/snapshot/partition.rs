//! Plain data: what a snapshot shows of one partition of a service, such as a tenant or a host.

use super::{BudgetSnapshot, BulkheadSnapshot, Counts};

/// The partitions of a service.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PartitionsSnapshot {
    /// How many have state of their own now.
    pub total: u64,
    /// How many have their breaker in each state.
    pub by_state: Counts,
    /// At most 20: those whose breaker is not closed first, then the ones that were used last.
    pub shown: Vec<PartitionSnapshot>,
}

/// One partition.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PartitionSnapshot {
    /// What `partition_label` gave when it was new, and without one its number after `#`. The value of `partition` may be a
    /// secret, and is not part of a snapshot.
    pub label: String,
    /// The state of its breaker.
    pub breaker: &'static str,
    /// The rest of the break of its open breaker.
    pub retry_after_us: Option<u64>,
    /// How many results the window of its breaker holds.
    pub results: u64,
    /// How many of them are failures.
    pub failures: u64,
    /// Its retry budget; `null` when it is off.
    pub budget: Option<BudgetSnapshot>,
    /// Its bulkhead; `null` when it is off.
    pub bulkhead: Option<BulkheadSnapshot>,
}
