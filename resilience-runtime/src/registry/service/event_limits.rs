//! Data: when the rare events of a service were kept last, by which `kept_events` decides.

use std::sync::atomic::AtomicBool;

use crate::monitor::MinInterval;

/// Limits on how often events of one service are kept, by kind.
#[derive(Debug, Default)]
pub(in crate::registry) struct EventLimits {
    pub(in crate::registry) partition: MinInterval,
    pub(in crate::registry) budget: MinInterval,
    /// It was told that the budget is empty, and not yet that it has something again.
    pub(in crate::registry) is_budget_short: AtomicBool,
}
