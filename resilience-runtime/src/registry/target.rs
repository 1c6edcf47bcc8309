//! Whom an attempt is made against: a service, with the state of all of it or of one partition.

use std::time::Duration;

use super::partitions::PartitionState;
use crate::breaker::{Admitted, BreakerTicket, Origin, Refused, Rules, Transition, Vote, VoteSink};
use crate::bulkhead::{BulkheadPermit, Enqueued, PermitRequest, Waiter};
use crate::clock::Tick;
use crate::counting::shard::{Own, Slot, Writer};
use crate::counting::slices::Slices;
use crate::ending::Ending;
use crate::monitor::AttemptOutcome;
use crate::policy::{
    BreakerSettings, BulkheadSettings, CallPolicy, LocalPermitLimits, Pace, ServicePolicy, ServiceRules,
    ThrottleSettings,
};
use crate::ratelimit::{Entry, RateSlot};
use crate::registry::service::Service;
use crate::registry::service::{ServiceState, ThreadShard};
use resilience_settings::entropy;

/// A service and the state in it that a call uses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(super) service: &'static Service,
    pub(super) state: &'static ServiceState,
}

/// A seat of the bulkhead, or the way to one.
#[derive(Debug)]
pub(crate) enum Seating {
    /// A seat, at once.
    Taken(BulkheadPermit),
    /// A place in the queue.
    Queued(Waiter<'static>),
}

impl Service {
    /// The service with the state of all of it.
    #[inline]
    pub(crate) fn target(&'static self) -> Target {
        Target::new(self, self.unpartitioned())
    }
}

impl Target {
    #[inline]
    pub(crate) fn new(service: &'static Service, partition: &'static PartitionState) -> Self {
        Self { service, state: &partition.state }
    }

    #[inline]
    pub(crate) fn service(self) -> &'static Service {
        self.service
    }

    /// Asks the breaker for admission of an attempt that may take so long.
    pub(crate) fn admit(
        self,
        settings: &BreakerSettings,
        now: Tick,
        timeout: Option<Duration>,
    ) -> Result<Admitted, Refused> {
        self.state.breaker.admit(now, settings, timeout)
    }

    /// What the current thread keeps of the state.
    #[inline]
    pub(crate) fn shard(self, slot: Slot) -> &'static ThreadShard {
        self.state.shard(slot)
    }

    /// The same, unless it has yet to be made.
    #[inline]
    pub(crate) fn existing_shard(self, slot: Slot) -> Option<&'static ThreadShard> {
        self.state.existing_shard(slot)
    }

    /// Tells the breaker how an attempt ended that it admitted; gives back what it has done on that, to be
    /// [announced](Self::announce).
    pub(crate) fn settle(
        self,
        ticket: BreakerTicket,
        vote: Vote,
        now: Tick,
        slot: Slot,
    ) -> Option<Transition> {
        self.settle_with(self.service.rules(), ticket, vote, Origin::NONE, now, self.shard(slot), slot)
    }

    /// The same for whoever has the settings and the shard of the thread at hand.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "what an attempt is, and where it is written")]
    pub(crate) fn settle_with(
        self,
        rules: &ServiceRules,
        ticket: BreakerTicket,
        vote: Vote,
        origin: Origin,
        now: Tick,
        shard: &ThreadShard,
        by: impl Writer,
    ) -> Option<Transition> {
        if vote != Vote::Success {
            self.service.shared().recent.is(now);
        }
        match &rules.breaker {
            Some(settings) => {
                let rules = Rules { settings, slices: rules.slices };
                self.tell(ticket.admitted(), vote, origin, now, shard, by, rules)
            }
            // Switched off while the attempt ran: its trial must go back all the same.
            None => self.return_ticket(ticket.admitted(), now, shard, by),
        }
    }

    #[cold]
    fn return_ticket(
        self,
        admitted: Admitted,
        now: Tick,
        shard: &ThreadShard,
        by: impl Writer,
    ) -> Option<Transition> {
        let rules = BreakerSettings::default();
        self.tell(admitted, Vote::None, Origin::NONE, now, shard, by, Rules::of(&rules))
    }

    #[inline]
    #[expect(clippy::too_many_arguments, reason = "what an attempt is, and where it is written")]
    fn tell(
        self,
        admitted: Admitted,
        vote: Vote,
        origin: Origin,
        now: Tick,
        shard: &ThreadShard,
        by: impl Writer,
        rules: Rules<'_>,
    ) -> Option<Transition> {
        let sink = VoteSink { own: &shard.votes, all: &self.state.shards, by };
        self.state.breaker.settle(admitted, vote, origin, now, sink, rules, entropy::unit)
    }

    /// From which age on an attempt without a result is held against the service: `slow_call`, or half of
    /// what the attempt was allowed; zero when nothing says.
    #[inline]
    pub(crate) fn hung_after(self, call: &CallPolicy) -> Duration {
        self.service
            .policy()
            .slow_call()
            .unwrap_or_else(|| call.attempt_timeout.or(call.deadline).map_or(Duration::ZERO, |time| time / 2))
    }

    /// Counts a vote of an attempt that did not ask the breaker: adaptive delays and budgets read the window
    /// without it.
    #[inline]
    pub(crate) fn record(self, vote: Vote, now: Tick, shard: &ThreadShard, by: impl Writer) {
        self.state.breaker.record(vote, now, &shard.votes, by);
    }

    pub(crate) fn would_reject_at(self, at: Tick) -> bool {
        self.state.breaker.would_reject_at(at)
    }

    /// Whether the throttle keeps the attempt back.
    pub(crate) fn is_throttled(self, settings: &ServicePolicy, now: Tick) -> bool {
        let throttle = settings.throttle.as_ref();
        throttle.is_some_and(|settings| {
            self.state.throttle.reject(settings, now, entropy::unit(), Slot::current())
        })
    }

    /// Tells the throttle whether the service took the request on.
    pub(crate) fn accepted(
        self,
        settings: &ThrottleSettings,
        outcome: AttemptOutcome,
        now: Tick,
        slot: Slot,
    ) {
        if let Some(accepted) = outcome.is_accepted() {
            self.state.throttle.record(settings, accepted, now, slot);
        }
    }

    /// A slot under the rate limit that is due, while nobody waits for one.
    #[inline]
    pub(crate) fn try_acquire_slot(self, pace: Pace, now: Tick) -> Option<RateSlot<'static>> {
        self.state.rate_limit.try_acquire(pace, now)
    }

    /// A slot under the rate limit, or a place in the queue for one before `until`; the error is the time until asking
    /// again makes sense.
    #[inline]
    pub(crate) fn rate_slot(self, pace: Pace, now: Tick, until: Tick) -> Result<Entry<'static>, Duration> {
        self.state.rate_limit.enter(pace, now, until)
    }

    /// The breaker's ticket while it is closed, as [`admit`](Self::admit) would give it.
    #[inline]
    pub(crate) fn ticket_while_closed(self) -> Option<BreakerTicket> {
        self.state.breaker.admitted_while_closed().map(Admitted::ticket)
    }

    /// While the breaker lets nobody in, the rest of its break in nanoseconds, as far as it is known.
    #[inline]
    pub(crate) fn remaining_break(self, now: Tick) -> Option<u64> {
        self.state.breaker.remaining_while_open(now)
    }

    /// A seat of the bulkhead that is free.
    #[inline]
    pub(crate) fn free_seat(
        self,
        settings: &BulkheadSettings,
        shard: &ThreadShard,
    ) -> Option<BulkheadPermit> {
        self.state.bulkhead.try_acquire(settings, &shard.local_permits, &self.state.shards)
    }

    /// Takes a seat that the thread keeps aside.
    #[inline]
    pub(crate) fn try_acquire_local(self, limits: LocalPermitLimits, shard: &ThreadShard) -> bool {
        self.state.bulkhead.try_acquire_local(limits, &shard.local_permits)
    }

    /// Counts a success in the window of time, where that is all there is to it; `false`, and nothing is counted, for
    /// any other.
    #[inline]
    pub(crate) fn count_success(
        self,
        ticket: Option<BreakerTicket>,
        slices: Slices,
        now: Tick,
        shard: &ThreadShard,
        by: Own,
    ) -> bool {
        self.state.breaker.count_success(ticket, slices, now, &shard.votes, by)
    }

    /// Asks the bulkhead for a seat.
    #[inline]
    pub(crate) fn seat(self, settings: &BulkheadSettings, ask: PermitRequest) -> Result<Seating, Ending> {
        if let Some(seat) = self.free_seat(settings, self.shard(Slot::current())) {
            return Ok(Seating::Taken(seat));
        }
        let ServiceState { bulkhead, shards, .. } = self.state;
        match bulkhead.enqueue(ask, settings, shards) {
            Ok(Enqueued::Acquired(seat)) => Ok(Seating::Taken(seat)),
            Ok(Enqueued::Queued(waiter)) => Ok(Seating::Queued(waiter)),
            Err(_) => Err(Ending::BulkheadFull),
        }
    }

    /// Takes a seat that the thread has not got aside.
    #[inline(never)]
    pub(crate) fn takes_free_seat(self, rules: &ServiceRules, shard: &ThreadShard) -> bool {
        rules.bulkhead.as_ref().is_some_and(|bulkhead| self.free_seat(bulkhead, shard).is_some())
    }

    /// Gives a seat back, of a body that began at `started`.
    #[inline]
    pub(crate) fn release(
        self,
        seat: BulkheadPermit,
        started: Tick,
        limits: LocalPermitLimits,
        shard: &ThreadShard,
    ) {
        if !self.try_release_local(limits, shard) {
            self.give_back_seat(seat, started);
        }
    }

    /// Puts a seat aside for the thread; `false` when it belongs somewhere else and the caller still has it.
    #[expect(clippy::inline_always, reason = "a part of each retry, where a call costs as much as it does")]
    #[inline(always)]
    pub(crate) fn try_release_local(self, limits: LocalPermitLimits, shard: &ThreadShard) -> bool {
        self.state.bulkhead.try_release_local(limits, &shard.local_permits)
    }

    /// Gives a seat to whoever needs it. Who waits goes by how long bodies take: `started` is when the one began that
    /// had the seat, and [`Tick::NEVER`] when there was none, or nobody has looked at the clock.
    #[inline(never)]
    pub(crate) fn give_back_seat(self, seat: BulkheadPermit, started: Tick) {
        if let Err(seat) = self.state.bulkhead.try_release(seat) {
            self.hand_seat_over(seat, started);
        }
    }

    /// Apart: the clock is only read if somebody waits.
    #[cold]
    fn hand_seat_over(self, seat: BulkheadPermit, started: Tick) {
        let now = self.service.now();
        let body = (started != Tick::NEVER).then(|| now.since(started));
        self.state.bulkhead.release_to_queue(seat, body, now, self.service.policy().bulkhead.as_ref());
    }

    /// Tells an adaptive bulkhead how an attempt went, where that says something about load.
    #[inline]
    pub(crate) fn observe(
        self,
        settings: &BulkheadSettings,
        outcome: AttemptOutcome,
        started: Tick,
        now: Tick,
    ) {
        if settings.adaptive
            && let Some(ok) = outcome.is_unloaded()
        {
            self.state.bulkhead.observe(now.since(started), ok, now, settings);
        }
    }
}
