//! Goes on with a fast call beyond its first poll: its body waits, or it retries at once. In: polls. Out: its result, or a full
//! call. A few words in the future.

use std::ptr;

use super::breaker_check;
use crate::breaker::{BreakerTicket, CastVote, Origin, Transition};
use crate::call::context::{Context, InnerOutcome};
use crate::call::engine::failure::FailedAttempt;
use crate::call::engine::holding::Holding;
use crate::call::engine::ledger::{AttemptTarget, OwnedShards};
use crate::call::engine::permit::{AttemptEnd, Permit};
use crate::call::engine::success::{Success, time_of_failure};
use crate::clock::Tick;
use crate::ending::Ending;
use crate::events::CallStep;
use crate::monitor::AttemptNumber;
use crate::policy::EffectivePolicy;
use crate::registry::BoundSite;

/// What an attempt holds between two polls: the breaker's ticket if the policy says that it is asked, a bulkhead
/// permit if the policy says so, and a place under the cap if it is a retry. Whoever drops it makes a full call of it
/// first.
#[derive(Debug)]
pub(in crate::call) struct FastCall {
    pub(in crate::call) bound: &'static BoundSite,
    pub(in crate::call) policy: &'static EffectivePolicy,
    pub(in crate::call) ticket: BreakerTicket,
    /// When the call began. This and the next are times only if the policy needs them.
    pub(in crate::call) began: Tick,
    /// When the attempt began.
    pub(in crate::call) started: Tick,
    /// When the call has to be over: that of the policy, unless the call has an earlier one of its own.
    pub(in crate::call) deadline: Tick,
    pub(in crate::call) attempts: u32,
    /// The outcome of the calls inside the attempt so far.
    pub(in crate::call) inner_outcome: InnerOutcome,
    /// The body is being polled. When it is dropped, that means that it panicked.
    pub(in crate::call) is_in_body: bool,
}

/// What follows an attempt that has failed, and is settled.
pub(in crate::call) enum FastRetry {
    /// Another, which has begun.
    Again,
    /// Another that has to go through admission, or none, for that reason. Either needs a full call, which holds
    /// that; `has_bulkhead_permit` says that the attempt has yet to give its bulkhead permit back, and `transition`
    /// what those who listen have yet to be told.
    Full {
        next: Result<(), Ending>,
        holding: Holding,
        has_bulkhead_permit: bool,
        transition: Option<Transition>,
    },
}

impl FastCall {
    /// That of a first attempt whose body is being polled in this context: the deadline is read there, and not worked out
    /// again.
    #[inline]
    pub(in crate::call) fn first(
        bound: &'static BoundSite,
        policy: &'static EffectivePolicy,
        ticket: BreakerTicket,
        started: Tick,
        context: Context,
    ) -> Self {
        Self {
            bound,
            policy,
            ticket,
            began: started,
            started,
            deadline: context.deadline,
            attempts: 1,
            inner_outcome: context.inner_outcome,
            is_in_body: true,
        }
    }

    /// The context of its body.
    #[inline]
    pub(in crate::call) fn context(&self) -> Context {
        Context {
            deadline: self.deadline,
            inner_outcome: self.inner_outcome,
            ..Context::of_call(self.bound, self.policy, self.began)
        }
    }

    /// The body waits. A rejection that comes out of it does so in the poll that brought it; what it went on from, it
    /// has dealt with.
    #[inline]
    pub(in crate::call) fn pause(&mut self) {
        self.inner_outcome = self.inner_outcome.dealt_with();
        self.is_in_body = false;
    }

    /// When the body has to be done, if anything limits it.
    #[inline]
    pub(in crate::call) fn time_limit(&self) -> Option<Tick> {
        let limit = self.timeout().min(self.deadline);
        (limit != Tick::MAX).then_some(limit)
    }

    #[inline]
    pub(in crate::call) fn timeout(&self) -> Tick {
        Tick(self.started.0.saturating_add(self.policy.timeout_nanos))
    }

    #[inline]
    fn attempt_target(&self) -> AttemptTarget {
        AttemptTarget { bound: self.bound, target: self.bound.service().target(), policy: self.policy }
    }

    /// When the body of its attempt began, if that is known to the millisecond.
    pub(in crate::call) fn body_began(&self) -> Tick {
        if self.has_retry_slot() && self.policy.has_coarse_failure_time { Tick::NEVER } else { self.started }
    }

    /// Whether the settings that it has begun with are still in force.
    #[inline]
    fn is_up_to_date(&self) -> bool {
        ptr::eq(self.policy.service, self.bound.service().rules())
    }

    /// Whether it has a place under the cap on retries.
    #[inline]
    pub(in crate::call) fn has_retry_slot(&self) -> bool {
        self.attempts > 1
    }

    #[inline]
    pub(in crate::call) fn number(&self) -> AttemptNumber {
        AttemptNumber::nth(self.attempts)
    }

    /// Its success now, for the current thread; `None` if that has no shards yet, or other settings have come into force.
    #[expect(
        clippy::inline_always,
        reason = "a part of each body that has waited: out of line it costs 60 instructions"
    )]
    #[inline(always)]
    pub(in crate::call) fn success(&self, now: Tick) -> Option<Success> {
        if !self.is_up_to_date() {
            return None;
        }
        let AttemptTarget { bound, target, policy } = self.attempt_target();
        Some(Success {
            policy,
            target,
            shards: OwnedShards::of(bound, target, policy)?,
            ticket: self.ticket_if_asked(),
            has_bulkhead_permit: policy.takes_bulkhead_permit,
            has_retry_slot: self.has_retry_slot(),
            number: self.number(),
            makes_deposit: policy.deposits_after(self.attempts),
            attempt_nanos: now.nanos_since(self.started),
            call_nanos: now.nanos_since(self.began),
        })
    }

    /// After a failure: settles the attempt, and has the next begin with this, if that is due at once; it keeps the place
    /// under the cap. `None`, and nothing is changed, if the failure ends the call or says how long to wait, or if it
    /// concerns more than counters, the window and the budget. If there are subscribers, a full call goes on and tells
    /// them: they may panic, and a full call knows what it holds then.
    #[inline]
    pub(in crate::call) fn try_again(&mut self, failed: &FailedAttempt) -> Option<FastRetry> {
        let (attempt, policy, failure) = (self.attempt_target(), self.policy, &failed.failure);
        let rules = policy.service;
        if !policy.may_retry_on_fast_path || failure.retry_after().is_some() || !self.is_up_to_date() {
            return None;
        }
        // The full call remembers whose error it keeps and what that says, should the attempts after it give no error.
        if failure.is_rejection() || failure.is_declined() {
            return None;
        }
        attempt.may_retry(failed, self.attempts, self.bound.is_single()).ok()?;
        let local = attempt.owned_counters()?;
        let now = time_of_failure(self.bound, policy, self.deadline);
        if now >= self.deadline {
            return None;
        }
        let outcome = failure.outcome();
        let vote = failure.vote(now.nanos_since(self.started) >= rules.slow_nanos);
        let origin = Origin { call: self.began, is_first: self.attempts == 1 };
        // The bulkhead permit goes last: to give it back may wake others, which is foreign code.
        let transition = Permit::running(self.ticket_if_asked(), false, false, self.number(), self.started)
            .settle_by(
                attempt,
                rules,
                AttemptEnd { outcome, cast: CastVote { vote, origin, at: now } },
                local,
            );
        local.deposit(rules, self.attempts, false);

        let receipt = match attempt.pay_for_retry(rules, failed, now, now) {
            Ok(receipt) => {
                attempt.count_pattern(failure, now, false);
                receipt
            }
            Err(ending) => {
                attempt.count_pattern(failure, now, true);
                if self.has_retry_slot() {
                    attempt.target.service().shared().release_retry();
                }
                let (next, holding) = (Err(ending), Holding::Nothing);
                return Some(FastRetry::Full {
                    next,
                    holding,
                    has_bulkhead_permit: policy.takes_bulkhead_permit,
                    transition,
                });
            }
        };
        let is_refill = receipt.is_some() && self.bound.service().is_budget_short();
        let is_told = transition.is_some() || self.bound.is_retry_told() || is_refill;
        let ticket = if is_told { None } else { breaker_check::ticket(self.bound, policy) };
        let has_slot =
            self.has_retry_slot() || ticket.is_some() && attempt.target.service().shared().acquire_retry();
        // Nobody else wants the bulkhead permit if the thread can keep it as a local permit.
        let has_bulkhead_permit = policy.takes_bulkhead_permit
            && !attempt.target.state().try_release_local(policy.local_permits, local.shard);
        match ticket {
            // The bulkhead permit is asked for last, by whoever has all else: nobody would own one that is taken for
            // nothing.
            Some(ticket)
                if has_slot
                    && (!policy.takes_bulkhead_permit
                        || !has_bulkhead_permit
                            && attempt
                                .target
                                .state()
                                .try_acquire_local(policy.local_permits, local.shard)) =>
            {
                local.of_service().retry(local.by);
                self.ticket = ticket;
                self.started = now;
                self.attempts += 1;
                let attempt = self.attempts;
                self.bound.service().step(|| CallStep::RetryBegan { attempt });
                self.inner_outcome = InnerOutcome::default();
                Some(FastRetry::Again)
            }
            _ => {
                if has_slot {
                    attempt.target.service().shared().release_retry();
                }
                // The clock is read for it: `now` may be no time at all.
                let holding =
                    receipt.map_or_else(|| Holding::FreeRetry(self.bound.now()), Holding::PaidRetry);
                Some(FastRetry::Full { next: Ok(()), holding, has_bulkhead_permit, transition })
            }
        }
    }

    #[inline]
    pub(in crate::call) fn ticket_if_asked(&self) -> Option<BreakerTicket> {
        self.policy.asks_breaker.then_some(self.ticket)
    }
}
