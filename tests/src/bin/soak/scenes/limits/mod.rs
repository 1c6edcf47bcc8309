//! Calls that wait for a permit or a slot, or are turned away for want of one.

pub(super) mod overload;
pub(super) mod partitions;
pub(super) mod permits;
pub(super) mod queues;
pub(super) mod rates;
