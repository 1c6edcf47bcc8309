//! A bulkhead with the pockets that go with it. A test that does not name slots has the one of its thread.

use std::time::Duration;

use super::super::entered::Full;
use super::super::{Ask, Bulkhead, Entered, Pocket, Seat};
use crate::clock::Tick;
use crate::counting::shard::{Sharded, Slot};
use crate::policy::{Aside, BulkheadSettings};
use crate::priority::Priority;

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

    /// A seat out of the pocket of that slot, which is all that a call looks at first.
    pub(super) fn take_aside_on(&self, slot: Slot, aside: Aside) -> bool {
        self.bulkhead.take_aside(aside, self.pockets.part(slot))
    }

    /// A call that begins now and has no deadline.
    pub(super) fn enqueue(
        &self,
        priority: Priority,
        now: Tick,
        settings: &BulkheadSettings,
    ) -> Result<Entered<'_>, Full> {
        self.ask(Ask { priority, now, call: now, deadline: Tick::MAX }, settings)
    }

    pub(super) fn ask(&self, ask: Ask, settings: &BulkheadSettings) -> Result<Entered<'_>, Full> {
        self.bulkhead.enqueue(ask, settings, &self.pockets)
    }

    pub(super) fn release(&self, seat: Seat, settings: Option<&BulkheadSettings>) {
        self.release_on(Slot::current(), seat, settings);
    }

    pub(super) fn release_on(&self, slot: Slot, seat: Seat, settings: Option<&BulkheadSettings>) {
        self.release_with(slot, settings.map_or_else(Aside::default, Aside::of), seat, settings);
    }

    /// With more or less room to put seats aside than the settings leave.
    pub(super) fn release_with(
        &self,
        slot: Slot,
        aside: Aside,
        seat: Seat,
        settings: Option<&BulkheadSettings>,
    ) {
        if !self.bulkhead.put_aside(aside, self.pockets.part(slot)) {
            self.give_back(seat, None, Tick(0), settings);
        }
    }

    /// After a body that took so long.
    pub(super) fn give_back(
        &self,
        seat: Seat,
        body: Option<Duration>,
        now: Tick,
        settings: Option<&BulkheadSettings>,
    ) {
        self.give_back_on(Slot::current(), seat, body, now, settings);
    }

    pub(super) fn give_back_on(
        &self,
        slot: Slot,
        seat: Seat,
        body: Option<Duration>,
        now: Tick,
        settings: Option<&BulkheadSettings>,
    ) {
        let aside = settings.map_or_else(Aside::default, Aside::of);
        if self.bulkhead.put_aside(aside, self.pockets.part(slot)) {
            return;
        }
        if let Err(seat) = self.bulkhead.give_back(seat) {
            self.bulkhead.hand_over(seat, body, now, settings);
        }
    }

    pub(super) fn reshape(&self, new: Option<&BulkheadSettings>) {
        self.reshape_at(new, Tick(0));
    }

    pub(super) fn reshape_at(&self, new: Option<&BulkheadSettings>, now: Tick) {
        self.bulkhead.reshape(new, now, &self.pockets).wake();
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
