//! A bulkhead together with the local permits of its threads. A test that names no slot uses the one of its thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;
use std::time::Duration;

use resilience_settings::Priority;

use resilience_settings::policy::BulkheadSettings;

use super::super::enqueued::QueueFull;
use super::super::{Bulkhead, BulkheadPermit, Enqueued, LocalPermits, PermitRequest};
use crate::clock::Tick;
use crate::counting::shard::{Sharded, Slot};
use crate::policy::LocalPermitLimits;

#[derive(Debug, Default)]
pub(super) struct Rig {
    bulkhead: Bulkhead,
    local_permits: Sharded<LocalPermits>,
}

impl Rig {
    pub(super) fn try_acquire(&self, settings: &BulkheadSettings) -> Option<BulkheadPermit> {
        self.try_acquire_on(Slot::current(), settings)
    }

    pub(super) fn try_acquire_on(&self, slot: Slot, settings: &BulkheadSettings) -> Option<BulkheadPermit> {
        self.bulkhead.try_acquire(settings, self.local_permits.part(slot), &self.local_permits)
    }

    /// A local permit of this slot, which is where a call looks first.
    pub(super) fn try_acquire_local_on(&self, slot: Slot, limits: LocalPermitLimits) -> bool {
        self.bulkhead.try_acquire_local(limits, self.local_permits.part(slot))
    }

    /// A call that begins now and has no deadline.
    pub(super) fn enqueue(
        &self,
        priority: Priority,
        now: Tick,
        settings: &BulkheadSettings,
    ) -> Result<Enqueued<'_>, QueueFull> {
        self.ask(PermitRequest { priority, now, call: now, deadline: Tick::MAX }, settings)
    }

    pub(super) fn ask(
        &self,
        request: PermitRequest,
        settings: &BulkheadSettings,
    ) -> Result<Enqueued<'_>, QueueFull> {
        self.bulkhead.enqueue(request, settings, &self.local_permits)
    }

    pub(super) fn release(&self, permit: BulkheadPermit, settings: Option<&BulkheadSettings>) {
        self.release_on(Slot::current(), permit, settings);
    }

    pub(super) fn release_on(&self, slot: Slot, permit: BulkheadPermit, settings: Option<&BulkheadSettings>) {
        self.release_with(
            slot,
            settings.map_or_else(LocalPermitLimits::default, LocalPermitLimits::of),
            permit,
            settings,
        );
    }

    /// With other limits for local permits than those of the settings.
    pub(super) fn release_with(
        &self,
        slot: Slot,
        limits: LocalPermitLimits,
        permit: BulkheadPermit,
        settings: Option<&BulkheadSettings>,
    ) {
        if !self.bulkhead.try_release_local(limits, self.local_permits.part(slot)) {
            self.release_after(permit, None, Tick(0), settings);
        }
    }

    /// After a body that took this long.
    pub(super) fn release_after(
        &self,
        permit: BulkheadPermit,
        body: Option<Duration>,
        now: Tick,
        settings: Option<&BulkheadSettings>,
    ) {
        self.release_after_on(Slot::current(), permit, body, now, settings);
    }

    pub(super) fn release_after_on(
        &self,
        slot: Slot,
        permit: BulkheadPermit,
        body: Option<Duration>,
        now: Tick,
        settings: Option<&BulkheadSettings>,
    ) {
        let limits = settings.map_or_else(LocalPermitLimits::default, LocalPermitLimits::of);
        if self.bulkhead.try_release_local(limits, self.local_permits.part(slot)) {
            return;
        }
        if let Err(permit) = self.bulkhead.try_release(permit) {
            self.bulkhead.release_to_queue(permit, body, now, settings);
        }
    }

    pub(super) fn reshape(&self, new: Option<&BulkheadSettings>) {
        self.reshape_at(new, Tick(0));
    }

    pub(super) fn reshape_at(&self, new: Option<&BulkheadSettings>, now: Tick) {
        self.bulkhead.reshape(new, now, &self.local_permits).wake();
    }

    pub(super) fn forget(&self) {
        self.bulkhead.forget(&self.local_permits);
    }

    pub(super) fn observe(&self, latency: Duration, ok: bool, now: Tick, settings: &BulkheadSettings) {
        self.bulkhead.observe(latency, ok, now, settings);
    }

    pub(super) fn limit(&self, settings: &BulkheadSettings) -> u32 {
        self.bulkhead.limit(settings)
    }

    pub(super) fn in_flight(&self) -> u32 {
        self.bulkhead.in_flight(&self.local_permits)
    }

    pub(super) fn queue_depth(&self) -> u32 {
        self.bulkhead.queue_depth()
    }

    /// How many permits the word counts, local ones included.
    pub(super) fn counted(&self) -> u32 {
        self.bulkhead.counted()
    }
}

/// Counts how often it was woken.
#[derive(Default)]
pub(super) struct RecordingWaker(AtomicUsize);

impl Wake for RecordingWaker {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl RecordingWaker {
    pub(super) fn times_woken(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}
