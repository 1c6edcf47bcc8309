//! Makes a first attempt on the fast path: a top-level call admitted without waiting whose body is ready on its first poll. All
//! state is on the stack. Whether the settings allow it, `policy/effective_policy` decides.

use super::call::FastCall;
use crate::breaker::BreakerTicket;
use crate::call::context::Context;
use crate::call::engine::ledger::OwnedShards;
use crate::call::engine::success::{Success, time_of_success};
use crate::clock::Tick;
use crate::events::CallStep;
use crate::monitor::AttemptNumber;
use crate::policy::{EffectivePolicy, Pace};
use crate::registry::BoundSite;

/// A first attempt that has been admitted on the fast path.
///
/// The breaker has given its ticket if the policy says that it is asked, and a bulkhead permit is taken if the policy
/// says so. It holds shards of the thread, and so must not outlive the poll.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) struct FastAttempt {
    bound: &'static BoundSite,
    policy: &'static EffectivePolicy,
    shards: OwnedShards,
    ticket: BreakerTicket,
    /// A time only if the policy needs one.
    started: Tick,
}

/// Why an attempt is not admitted on the fast path.
pub(in crate::call) enum Obstacle {
    /// The thread has no local permit for it. There may be free bulkhead permits.
    NoLocalPermit,
    /// Something for the full path to find out.
    Other,
}

impl FastAttempt {
    /// Admits the first attempt of a call. Nothing is changed unless all is granted: any other goes through
    /// [admission](crate::call::engine::full::admission) again, which says why. `LOCAL` says that it takes a bulkhead
    /// permit only if the thread has a local permit.
    #[expect(clippy::inline_always, reason = "it would be copied from where it is made to where it is kept")]
    #[inline(always)]
    pub(in crate::call) fn admit<const LOCAL: bool>(
        bound: &'static BoundSite,
        policy: &'static EffectivePolicy,
        ticket: BreakerTicket,
    ) -> Result<Self, Obstacle> {
        // First of all: the processor reads its counter while the atomic step of the call before is still under way, and
        // there is little to remember beyond it.
        let started = if policy.is_timed { bound.now() } else { Tick(0) };
        Self::admit_at::<LOCAL>(bound, policy, ticket, started)
    }

    /// The same at a time that is known.
    #[expect(clippy::inline_always, reason = "the same")]
    #[inline(always)]
    pub(in crate::call) fn admit_at<const LOCAL: bool>(
        bound: &'static BoundSite,
        policy: &'static EffectivePolicy,
        ticket: BreakerTicket,
        started: Tick,
    ) -> Result<Self, Obstacle> {
        let target = bound.service().target();
        let shards = OwnedShards::of(bound, target, policy).ok_or(Obstacle::Other)?;
        if policy.takes_bulkhead_permit {
            if LOCAL {
                if !target.state().try_acquire_local(policy.local_permits, shards.shard) {
                    return Err(Obstacle::NoLocalPermit);
                }
            } else if !target.state().acquires_shared_permit(policy.service, shards.shard) {
                return Err(Obstacle::Other);
            }
        }
        if let Some(counters) = shards.counters {
            counters.call_started(shards.own);
        }
        bound.service().step(|| CallStep::CallBegan { function: bound.facts().function });
        Ok(Self { bound, policy, shards, ticket, started })
    }

    /// The same under a rate limit, if a slot is due. Out of line, so that the others need not check for one.
    #[inline]
    pub(in crate::call) fn admit_with_slot(
        bound: &'static BoundSite,
        policy: &'static EffectivePolicy,
        pace: Pace,
        ticket: BreakerTicket,
    ) -> Option<Self> {
        let started = bound.now();
        let target = bound.service().target();
        let shards = OwnedShards::of(bound, target, policy)?;
        let slot = target.state().rate_limit.try_acquire(pace, started)?;
        if let Some(counters) = shards.counters {
            counters.call_started(shards.own);
        }
        bound.service().step(|| CallStep::CallBegan { function: bound.facts().function });
        slot.consume();
        Some(Self { bound, policy, shards, ticket, started })
    }

    /// The context of its body, but for a deadline of its own that a call has.
    #[inline]
    pub(in crate::call) fn context(&self) -> Context {
        Context::of_call(self.bound, self.policy, self.started)
    }

    #[inline]
    pub(in crate::call) fn now(&self) -> Tick {
        time_of_success(self.bound, self.policy)
    }

    /// Its success now.
    #[inline]
    pub(in crate::call) fn success(&self, now: Tick) -> Success {
        let &Self { bound, policy, shards, ticket, started } = self;
        let nanos = now.nanos_since(started);
        Success {
            policy,
            target: bound.service().target(),
            shards,
            ticket: policy.asks_breaker.then_some(ticket),
            has_bulkhead_permit: policy.takes_bulkhead_permit,
            has_retry_slot: false,
            number: AttemptNumber::FIRST,
            makes_deposit: policy.success_deposits,
            attempt_nanos: nanos,
            call_nanos: nanos,
        }
    }

    /// What is kept of it while its body waits, which has been polled in this context.
    #[inline]
    pub(in crate::call) fn paused_call(&self, context: Context) -> FastCall {
        let mut call = self.fast_call(context);
        call.pause();
        call
    }

    /// What is kept of it when it does not end in this poll, still in its body.
    #[inline]
    pub(in crate::call) fn fast_call(&self, context: Context) -> FastCall {
        FastCall::first(self.bound, self.policy, self.ticket, self.started, context)
    }
}
