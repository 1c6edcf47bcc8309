//! Data: the state of one partition, or of a whole service, and how many calls use it.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::clock::Tick;
use crate::registry::service::ServiceState;

/// The state of one partition, or of a whole service, and who uses it.
#[derive(Debug)]
pub(crate) struct PartitionState {
    pub(in crate::registry) state: ServiceState,
    /// The calls that use it: it is not taken over while there are any. Not counted for calls without a partition.
    users: AtomicU32,
    used_at: AtomicU64,
    number: u32,
}

impl PartitionState {
    pub(in crate::registry) fn new(now: Tick) -> Self {
        Self::numbered(now, 0)
    }

    pub(super) fn numbered(now: Tick, number: u32) -> Self {
        Self {
            state: ServiceState::new(now),
            users: AtomicU32::new(0),
            used_at: AtomicU64::new(now.0),
            number,
        }
    }

    /// Uses it, until it is [left](Self::leave); it cannot be taken over meanwhile.
    #[inline]
    pub(super) fn take(&'static self, now: Tick) -> Use {
        self.users.fetch_add(1, Ordering::Relaxed);
        self.used_at.store(now.0, Ordering::Relaxed);
        Use(self)
    }

    /// Ends a use.
    pub(crate) fn leave(&self) {
        self.users.fetch_sub(1, Ordering::Release);
    }

    pub(in crate::registry) fn is_used(&self) -> bool {
        self.users.load(Ordering::Acquire) > 0
    }

    /// Its number among those of its service.
    pub(in crate::registry) fn number(&self) -> u32 {
        self.number
    }

    pub(in crate::registry) fn used_at(&self) -> u64 {
        self.used_at.load(Ordering::Relaxed)
    }
}

/// A use of a state, which ends when this is dropped.
#[must_use]
pub(super) struct Use(&'static PartitionState);

impl Use {
    /// The use goes on, until the state is [left](PartitionState::leave).
    pub(super) fn keep(self) -> &'static PartitionState {
        let state = self.0;
        std::mem::forget(self);
        state
    }
}

impl Drop for Use {
    fn drop(&mut self) {
        self.0.leave();
    }
}
