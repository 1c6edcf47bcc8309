//! Data: where an attempt is made, its site and its partition, by which rules of chaos mean it. In: a call. Out: both.

use crate::call::engine::state::CallState;
use crate::registry::{BoundSite, PartitionState};

/// Where an attempt is made.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) struct Place {
    pub(super) bound: &'static BoundSite,
    /// Its partition, if it has one.
    pub(super) partition: Option<&'static PartitionState>,
}

impl Place {
    #[inline]
    pub(in crate::call) fn of(bound: &'static BoundSite, state: &CallState) -> Self {
        Self { bound, partition: state.full().map(|full| full.partition) }
    }

    #[inline]
    pub(in crate::call) fn within(bound: &'static BoundSite, partition: &'static PartitionState) -> Self {
        Self { bound, partition: Some(partition) }
    }
}
