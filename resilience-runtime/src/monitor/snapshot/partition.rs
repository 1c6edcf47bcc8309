//! The partitions of a service: tenants or hosts with state of their own.

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
    /// Those that have a label, at most 20: the ones in trouble first, then by label.
    pub shown: Vec<PartitionSnapshot>,
}

/// One partition.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PartitionSnapshot {
    /// What `partition_label` made of its value. The value itself is nowhere.
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
