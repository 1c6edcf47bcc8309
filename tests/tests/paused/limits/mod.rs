//! What limits calls: bulkhead, rates, budgets, priorities under pressure, and partitions, which have limits of their own.

mod bulkhead;
mod partition_labels;
mod partitions;
mod priority;
mod rate_slots;
mod rates;
mod shedding;
mod storm;
