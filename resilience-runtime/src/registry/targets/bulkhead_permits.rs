//! Takes a bulkhead permit for an attempt, and gives it back; who gets one, `bulkhead/queue` decides. In: an attempt before its
//! body, and after it. Out: what the bulkhead said of it; and its permit goes back there, or stays with the thread.

use resilience_settings::policy::BulkheadSettings;

use super::target::Target;
use crate::bulkhead::{BulkheadPermit, Enqueued, PermitRequest};
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::ending::Ending;
use crate::monitor::AttemptOutcome;
use crate::policy::{LocalPermitLimits, ServiceRules};
use crate::registry::service::{ServiceState, ThreadShard};

impl ServiceState {
    /// A permit that is free, of the thread's own or of all.
    #[inline]
    pub(crate) fn try_acquire_permit(
        &self,
        settings: &BulkheadSettings,
        shard: &ThreadShard,
    ) -> Option<BulkheadPermit> {
        self.bulkhead.try_acquire(settings, &shard.local_permits, &self.shards)
    }

    /// Takes a free permit, for a thread that has no local permit.
    #[inline(never)]
    pub(crate) fn acquires_shared_permit(&self, rules: &ServiceRules, shard: &ThreadShard) -> bool {
        rules.bulkhead.as_ref().is_some_and(|bulkhead| self.try_acquire_permit(bulkhead, shard).is_some())
    }

    /// Takes a local permit of the thread.
    #[inline]
    pub(crate) fn try_acquire_local(&self, limits: LocalPermitLimits, shard: &ThreadShard) -> bool {
        self.bulkhead.try_acquire_local(limits, &shard.local_permits)
    }

    /// Keeps a permit as a local permit of the thread; `false` when it belongs somewhere else and the caller still
    /// has it.
    #[expect(clippy::inline_always, reason = "a part of each retry, where a call costs as much as it does")]
    #[inline(always)]
    pub(crate) fn try_release_local(&self, limits: LocalPermitLimits, shard: &ThreadShard) -> bool {
        self.bulkhead.try_release_local(limits, &shard.local_permits)
    }

    /// Asks for a permit.
    #[inline]
    pub(crate) fn acquire_permit(
        &'static self,
        settings: &BulkheadSettings,
        request: PermitRequest,
    ) -> Result<Enqueued<'static>, Ending> {
        if let Some(permit) = self.try_acquire_permit(settings, self.shard(Slot::current())) {
            return Ok(Enqueued::Acquired(permit));
        }
        self.bulkhead.enqueue(request, settings, &self.shards).map_err(|_| Ending::BulkheadFull)
    }

    /// Tells an adaptive bulkhead how an attempt went, where that says something about load.
    #[inline]
    pub(crate) fn observe(
        &self,
        settings: &BulkheadSettings,
        outcome: AttemptOutcome,
        started: Tick,
        now: Tick,
    ) {
        if settings.adaptive
            && let Some(ok) = outcome.is_unloaded()
        {
            self.bulkhead.observe(now.since(started), ok, now, settings);
        }
    }
}

impl Target {
    /// Gives a permit back, of a body that began at `started`: to the thread, or else to whoever needs it.
    #[inline]
    pub(crate) fn release_permit(
        self,
        permit: BulkheadPermit,
        started: Tick,
        limits: LocalPermitLimits,
        shard: &ThreadShard,
    ) {
        if !self.state().try_release_local(limits, shard) {
            self.pass_on_permit(permit, started);
        }
    }

    /// Gives a permit to whoever needs it. Who waits goes by how long bodies take: `started` is when the one began that
    /// had the permit, and [`Tick::NEVER`] when there was none, or nobody has looked at the clock.
    #[inline(never)]
    pub(crate) fn pass_on_permit(self, permit: BulkheadPermit, started: Tick) {
        if let Err(permit) = self.state().bulkhead.try_release(permit) {
            self.release_to_queue(permit, started);
        }
    }

    /// Apart: the clock is only read if somebody waits.
    #[cold]
    fn release_to_queue(self, permit: BulkheadPermit, started: Tick) {
        let (now, settings) = (self.service().now(), self.service().policy().bulkhead.as_ref());
        let body = (started != Tick::NEVER).then(|| now.since(started));
        self.state().bulkhead.release_to_queue(permit, body, now, settings);
    }
}
