//! Records a success at once, on either path, if it concerns only counters, the windows of the breaker and the budget. In: an
//! attempt that has succeeded. Out: how far that is done.

use super::events::{attempt_ended, call_ended};
use super::ledger::OwnedShards;
use crate::breaker::{BreakerTicket, Rules};
use crate::bulkhead::BulkheadPermit;
use crate::clock::Tick;
use crate::monitor::{AttemptNumber, AttemptOutcome, CallOutcome};
use crate::policy::EffectivePolicy;
use crate::registry::{BoundSite, Service, ShardWriter, Target};

/// The time of a success: now, as precisely as the policy needs it.
#[inline]
pub(in crate::call) fn time_of_success(bound: &'static BoundSite, policy: &EffectivePolicy) -> Tick {
    time(bound, policy, policy.has_coarse_success_time)
}

/// The same for a failure of a call with that deadline, which may be one that its policy knows nothing of.
#[expect(
    clippy::inline_always,
    reason = "a part of each failed attempt: a call of it costs as much as the reading"
)]
#[inline(always)]
pub(in crate::call) fn time_of_failure(
    bound: &'static BoundSite,
    policy: &EffectivePolicy,
    deadline: Tick,
) -> Tick {
    time(bound, policy, policy.has_coarse_failure_time && deadline == Tick::MAX)
}

#[expect(clippy::inline_always, reason = "a part of both")]
#[inline(always)]
fn time(bound: &'static BoundSite, policy: &EffectivePolicy, is_about: bool) -> Tick {
    if !is_about {
        bound.now()
    } else if policy.is_bare {
        Tick(0)
    } else {
        bound.coarse_now()
    }
}

/// An attempt that has succeeded, and what it holds.
pub(in crate::call) struct Success {
    pub(in crate::call) policy: &'static EffectivePolicy,
    pub(in crate::call) target: Target,
    pub(in crate::call) shards: OwnedShards,
    /// The breaker's, if it was asked.
    pub(in crate::call) ticket: Option<BreakerTicket>,
    pub(in crate::call) has_bulkhead_permit: bool,
    /// Whether it has a place under the cap on retries.
    pub(in crate::call) has_retry_slot: bool,
    pub(in crate::call) number: AttemptNumber,
    /// Whether the call makes a deposit now.
    pub(in crate::call) makes_deposit: bool,
    pub(in crate::call) attempt_nanos: u64,
    pub(in crate::call) call_nanos: u64,
}

/// How far a success has been recorded.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) enum Recorded {
    /// All is done.
    Done,
    /// The vote is cast, the bulkhead permit has yet to be given to somebody else, and the call to be counted.
    PermitLeft,
    /// Nothing is done: it concerns more than that.
    Not,
}

impl Success {
    /// Records it, if it concerns only counters, a window of time and the budget.
    #[expect(
        clippy::inline_always,
        reason = "on the path of nearly every call: out of line it costs 20 instructions more"
    )]
    #[inline(always)]
    pub(in crate::call) fn record(&self, now: Tick) -> Recorded {
        let &Self { policy, target, shards, ticket, .. } = self;
        let breaker = &target.state().breaker;
        // Settings may have changed since its ticket was asked.
        let success_is_plain = policy.success_is_plain && ticket.is_some() == policy.asks_breaker;
        if !success_is_plain || self.attempt_nanos >= policy.slow_nanos {
            return Recorded::Not;
        }
        if policy.votes && !breaker.count_success(ticket, policy.slices, now, &shards.shard.votes, shards.own)
        {
            return Recorded::Not;
        }
        self.give_back_and_count()
    }

    /// The same where the breaker asks for the order of results: it counts the last calls, or failures in a row.
    #[inline]
    pub(in crate::call) fn record_in_order(&self, now: Tick) -> Recorded {
        let &Self { policy, target, shards, .. } = self;
        let (Some(ticket), Some(settings)) = (self.ticket, &policy.service.breaker) else {
            return Recorded::Not;
        };
        if !policy.service.orders_successes || self.attempt_nanos >= policy.slow_nanos {
            return Recorded::Not;
        }
        let rules = Rules { settings, slices: policy.slices };
        let breaker = &target.state().breaker;
        if !breaker.succeed(ticket.admitted(), now, &shards.shard.votes, shards.own, rules) {
            return Recorded::Not;
        }
        self.give_back_and_count()
    }

    /// Gives back what the attempt holds, and counts it.
    #[expect(clippy::inline_always, reason = "the end of each way to record a success")]
    #[inline(always)]
    fn give_back_and_count(&self) -> Recorded {
        let &Self { policy, target, shards, .. } = self;
        // Not at the end: the processor writes the counters while the atomic steps are under way, which the next call
        // would have to wait for.
        if self.has_retry_slot {
            target.service().shared().release_retry();
        }
        if self.has_bulkhead_permit && !target.state().try_release_local(policy.local_permits, shards.shard) {
            return Recorded::PermitLeft;
        }
        count(self.makes_deposit, self.number, shards, self.attempt_nanos, self.call_nanos);
        keep_steps(target.service(), self.number);
        Recorded::Done
    }

    /// When its body began, if the policy needs that.
    #[inline]
    pub(in crate::call) fn began(&self, now: Tick) -> Tick {
        Tick(now.nanos_since(Tick(self.attempt_nanos)))
    }

    /// Counts the success and gives back a bulkhead permit that the thread has not kept, of a body that began at
    /// `started`. That wakes others, so the caller notes before that the attempt holds nothing any more.
    #[inline]
    pub(in crate::call) fn count_and_release(&self, started: Tick) {
        // Out of line and by value: a reference would keep all of it in memory from the start.
        count_and_release(
            self.makes_deposit,
            self.number,
            self.target,
            self.shards,
            (self.attempt_nanos, self.call_nanos),
            started,
        );
    }
}

#[inline(never)]
fn count_and_release(
    makes_deposit: bool,
    number: AttemptNumber,
    target: Target,
    shards: OwnedShards,
    (attempt_nanos, nanos): (u64, u64),
    started: Tick,
) {
    // Last, as it wakes others, which is foreign code.
    count(makes_deposit, number, shards, attempt_nanos, nanos);
    keep_steps(target.service(), number);
    target.pass_on_permit(BulkheadPermit::granted(), started);
}

/// Keeps that an attempt has succeeded, and its call with it.
#[inline]
pub(in crate::call) fn keep_steps(service: &Service, number: AttemptNumber) {
    service.step(|| attempt_ended(number, AttemptOutcome::Success));
    service.step(|| call_ended(CallOutcome::Success));
}

#[expect(clippy::inline_always, reason = "a part of each way that it is on")]
#[inline(always)]
fn count(
    makes_deposit: bool,
    number: AttemptNumber,
    OwnedShards { counters, shard, own }: OwnedShards,
    attempt_nanos: u64,
    nanos: u64,
) {
    if makes_deposit {
        ShardWriter { shard, by: own }.deposit();
    }
    if let Some(counters) = counters {
        counters.attempt_succeeded(number, own);
        counters.call_succeeded(attempt_nanos, nanos, own);
    }
}
