//! Seats of the bulkhead: an attempt goes in, and comes out with a seat, in the queue for one, or turned away. Then the way
//! back: kept as a local permit of the thread, or handed to whoever waits.

use super::target::Target;
use crate::bulkhead::{BulkheadPermit, Enqueued, PermitRequest, Waiter};
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::ending::Ending;
use crate::monitor::AttemptOutcome;
use crate::policy::{BulkheadSettings, LocalPermitLimits, ServiceRules};
use crate::registry::service::{ServiceState, ThreadShard};

/// A seat of the bulkhead, or the way to one.
#[derive(Debug)]
pub(crate) enum Seating {
    /// A seat, at once.
    Taken(BulkheadPermit),
    /// A place in the queue.
    Queued(Waiter<'static>),
}

impl ServiceState {
    /// A seat that is free, of the thread's own or of all.
    #[inline]
    pub(crate) fn free_seat(
        &self,
        settings: &BulkheadSettings,
        shard: &ThreadShard,
    ) -> Option<BulkheadPermit> {
        self.bulkhead.try_acquire(settings, &shard.local_permits, &self.shards)
    }

    /// Takes a free seat, for a thread that has no local permit.
    #[inline(never)]
    pub(crate) fn takes_free_seat(&self, rules: &ServiceRules, shard: &ThreadShard) -> bool {
        rules.bulkhead.as_ref().is_some_and(|bulkhead| self.free_seat(bulkhead, shard).is_some())
    }

    /// Takes a local permit of the thread.
    #[inline]
    pub(crate) fn try_acquire_local(&self, limits: LocalPermitLimits, shard: &ThreadShard) -> bool {
        self.bulkhead.try_acquire_local(limits, &shard.local_permits)
    }

    /// Keeps a seat as a local permit of the thread; `false` when it belongs somewhere else and the caller still has it.
    #[expect(clippy::inline_always, reason = "a part of each retry, where a call costs as much as it does")]
    #[inline(always)]
    pub(crate) fn try_release_local(&self, limits: LocalPermitLimits, shard: &ThreadShard) -> bool {
        self.bulkhead.try_release_local(limits, &shard.local_permits)
    }

    /// Asks for a seat.
    #[inline]
    pub(crate) fn seat(
        &'static self,
        settings: &BulkheadSettings,
        ask: PermitRequest,
    ) -> Result<Seating, Ending> {
        if let Some(seat) = self.free_seat(settings, self.shard(Slot::current())) {
            return Ok(Seating::Taken(seat));
        }
        match self.bulkhead.enqueue(ask, settings, &self.shards) {
            Ok(Enqueued::Acquired(seat)) => Ok(Seating::Taken(seat)),
            Ok(Enqueued::Queued(waiter)) => Ok(Seating::Queued(waiter)),
            Err(_) => Err(Ending::BulkheadFull),
        }
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
    /// Gives a seat back, of a body that began at `started`: to the thread, or else to whoever needs it.
    #[inline]
    pub(crate) fn release_seat(
        self,
        seat: BulkheadPermit,
        started: Tick,
        limits: LocalPermitLimits,
        shard: &ThreadShard,
    ) {
        if !self.state().try_release_local(limits, shard) {
            self.give_back_seat(seat, started);
        }
    }

    /// Gives a seat to whoever needs it. Who waits goes by how long bodies take: `started` is when the one began that
    /// had the seat, and [`Tick::NEVER`] when there was none, or nobody has looked at the clock.
    #[inline(never)]
    pub(crate) fn give_back_seat(self, seat: BulkheadPermit, started: Tick) {
        if let Err(seat) = self.state().bulkhead.try_release(seat) {
            self.hand_seat_over(seat, started);
        }
    }

    /// Apart: the clock is only read if somebody waits.
    #[cold]
    fn hand_seat_over(self, seat: BulkheadPermit, started: Tick) {
        let (now, settings) = (self.service().now(), self.service().policy().bulkhead.as_ref());
        let body = (started != Tick::NEVER).then(|| now.since(started));
        self.state().bulkhead.release_to_queue(seat, body, now, settings);
    }
}
