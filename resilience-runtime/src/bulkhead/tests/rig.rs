//! A bulkhead with the pockets that go with it. A test that does not name slots has the one of its thread.

use std::time::Duration;

use super::super::gate::Full;
use super::super::{Bulkhead, Pocket, Seat, Waiter};
use crate::clock::Tick;
use crate::policy::{Aside, BulkheadSettings};
use crate::priority::Priority;
use crate::shard::{Sharded, Slot};

#[derive(Debug, Default)]
pub(super) struct Rig {
    bulkhead: Bulkhead,
    pockets: Sharded<Pocket>,
}

impl Rig {
    pub(super) fn try_acquire(&self, settings: &BulkheadSettings) -> Option<Seat> {
        self.try_acquire_on(Slot::current(), settings)
    }

    pub(super) fn try_acquire_on(&self, slot: Slot, settings: &BulkheadSettings) -> Option<Seat> {
        self.bulkhead.try_acquire(settings, self.pockets.part(slot), &self.pockets)
    }

    pub(super) fn enqueue(
        &self,
        priority: Priority,
        now: Tick,
        settings: &BulkheadSettings,
    ) -> Result<Waiter<'_>, Full> {
        self.bulkhead.enqueue(priority, now, settings, &self.pockets)
    }

    pub(super) fn release(&self, seat: Seat, settings: Option<&BulkheadSettings>) {
        self.release_on(Slot::current(), seat, settings);
    }

    pub(super) fn release_on(&self, slot: Slot, seat: Seat, settings: Option<&BulkheadSettings>) {
        if !self.bulkhead.put_aside(settings.map_or_else(Aside::default, Aside::of), self.pockets.part(slot))
        {
            self.bulkhead.give_back(seat, settings);
        }
    }

    pub(super) fn reshape(&self, new: Option<&BulkheadSettings>) {
        self.bulkhead.reshape(new, &self.pockets).wake();
    }

    pub(super) fn forget(&self) {
        self.bulkhead.forget(&self.pockets);
    }

    pub(super) fn observe(&self, latency: Duration, ok: bool, now: Tick, settings: &BulkheadSettings) {
        self.bulkhead.observe(latency, ok, now, settings);
    }

    pub(super) fn limit(&self, settings: &BulkheadSettings) -> u32 {
        self.bulkhead.limit(settings)
    }

    pub(super) fn in_flight(&self) -> u32 {
        self.bulkhead.in_flight(&self.pockets)
    }

    pub(super) fn queue_depth(&self) -> u32 {
        self.bulkhead.queue_depth()
    }

    /// How many seats the word counts, with those that lie in pockets.
    pub(super) fn counted(&self) -> u32 {
        self.bulkhead.counted()
    }
}
