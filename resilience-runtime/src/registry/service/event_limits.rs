//! When the rare events of a service were last kept, for those that may come in thousands.

use crate::monitor::MinInterval;

/// When a service was last told of, for what may come often.
#[derive(Debug, Default)]
pub(in crate::registry) struct EventLimits {
    pub(in crate::registry) partition: MinInterval,
    pub(in crate::registry) budget: MinInterval,
}
