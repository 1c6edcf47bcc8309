//! How an attempt gets all that it needs before its body runs: a place under the retry cap, the breaker's ticket,
//! the throttle's, a slot under the rate limit, a seat in the bulkhead.
//!
//! The two last may make it wait. It holds no ticket of the breaker while it waits, which would keep a trial from
//! somebody else, and asks again after it. A slot that comes to nothing goes back.

use std::task::Context as TaskContext;
use std::time::Duration;

use super::call::FullCall;
use super::progress::{Arrival, Progress};
use crate::bulkhead::{PermitRequest, Waiter};
use crate::call::context::{Context, InnerOutcome};
use crate::call::engine::decision::{Admission, Refusal, circuit_open, rate_limited};
use crate::call::engine::holding::Holding;
use crate::call::engine::ledger::AttemptTarget;
use crate::call::engine::permit::Permit;
use crate::call::engine::permit::owned::OwnedPermit;
use crate::call::engine::wait::{Wait, WaitReason};
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::ending::Ending;
use crate::monitor::AttemptNumber;
use crate::policy::{BulkheadSettings, ServiceRules};
use crate::ratelimit::{Entry, RateSlot, SlotWaiter};
use crate::registry::Seating;

/// What an attempt has come to on its way in.
enum Acquired {
    /// It has all that it needs.
    All,
    /// It waits for its slot.
    RateSlot(SlotWaiter<'static>),
    /// It is in the queue for a seat.
    Seat(Waiter<'static>),
}

impl FullCall {
    /// Gets all that the next attempt needs, or says why there will be none.
    #[inline(never)]
    pub(in crate::call) fn poll_admission(&mut self, cx: &mut TaskContext<'_>) -> Admission {
        if self.progress == Progress::PassThrough {
            return Admission::PassThrough;
        }
        self.run_foreign(|full| if full.wait.is_some() { full.poll_wait(cx) } else { full.queue(cx) })
    }

    /// Goes through admission step by step.
    fn queue(&mut self, cx: &mut TaskContext<'_>) -> Admission {
        let attempt = self.attempt_target();
        let rules = attempt.service_rules();
        let now = self.time_of_admission();
        let (mut permit, mut slot) = (Permit::new(), None);
        let acquired = self.acquire(&mut permit, &mut slot, attempt, rules, now, self.context.deadline);
        self.conclude(acquired, permit, slot, attempt, rules, now, cx)
    }

    /// Lets the attempt in with what it has acquired, has it wait for the rest, or turns it away.
    #[expect(
        clippy::inline_always,
        reason = "the way of all calls that do not go straight: out of line it costs 30 instructions"
    )]
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "what has been acquired, and what that goes by")]
    fn conclude(
        &mut self,
        acquired: Result<Acquired, Refusal>,
        permit: Permit,
        slot: Option<RateSlot<'static>>,
        attempt: AttemptTarget,
        rules: &ServiceRules,
        now: Tick,
        cx: &mut TaskContext<'_>,
    ) -> Admission {
        let mut permit = permit.tell(attempt);
        match acquired {
            Ok(Acquired::All) => {
                permit.begin(now);
                self.pass(permit, slot);
                Admission::Granted
            }
            Ok(Acquired::RateSlot(waiter)) => {
                permit.close(attempt);
                self.wait_for(WaitReason::Slot(waiter, now), Duration::ZERO, None, cx)
            }
            Ok(Acquired::Seat(waiter)) => {
                permit.close(attempt);
                self.queue_up(waiter, slot, attempt, rules, now, cx)
            }
            Err(refusal) => {
                permit.close(attempt);
                Admission::Refused(refusal)
            }
        }
    }

    /// When the attempt asks to be let in: now, by a reading of the clock that the call has just made, where it has.
    fn time_of_admission(&self) -> Tick {
        match &self.holding {
            Holding::FreeRetry(at) => *at,
            Holding::PaidRetry(receipt) => receipt.at(),
            _ if self.attempts == 0 && !self.has_waited() => self.started,
            _ => self.service().now(),
        }
    }

    /// Gathers what an attempt needs, as far as it can be had at once; `until` is when it would have no use for a slot or a
    /// seat any more. One that would not wait at all does not join a queue either, where it might take the place of another.
    fn acquire(
        &self,
        permit: &mut Permit,
        slot: &mut Option<RateSlot<'static>>,
        attempt: AttemptTarget,
        rules: &ServiceRules,
        now: Tick,
        until: Tick,
    ) -> Result<Acquired, Refusal> {
        if self.attempts == 0 {
            self.check_entry()?;
        } else {
            permit.take_retry_slot(attempt)?;
        }
        if now >= self.context.deadline {
            return Err(Ending::DeadlineExceeded.into());
        }
        permit.ask_breaker(attempt, rules, now).map_err(circuit_open)?;
        if rules.throttle.is_some() && attempt.target.is_throttled(rules, now) {
            return Err(Ending::Throttled.into());
        }
        if let Some(pace) = rules.pace {
            match attempt.target.rate_slot(pace, now, until).map_err(rate_limited)? {
                Entry::Slot(taken) => *slot = Some(taken),
                Entry::Queued(waiter) => return Ok(Acquired::RateSlot(waiter)),
            }
        }
        let Some(bulkhead) = &rules.bulkhead else { return Ok(Acquired::All) };
        if until <= now {
            permit.seat = attempt.target.free_seat(bulkhead, attempt.target.shard(Slot::current()));
            return if permit.seat.is_some() { Ok(Acquired::All) } else { Err(Ending::BulkheadFull.into()) };
        }
        self.take_seat(permit, attempt, bulkhead, now)
    }

    fn take_seat(
        &self,
        permit: &mut Permit,
        attempt: AttemptTarget,
        bulkhead: &BulkheadSettings,
        now: Tick,
    ) -> Result<Acquired, Refusal> {
        let ask = PermitRequest {
            priority: self.context.importance.priority(),
            now,
            call: self.started,
            deadline: self.context.deadline,
        };
        match attempt.target.seat(bulkhead, ask)? {
            Seating::Taken(seat) => {
                permit.seat = Some(seat);
                Ok(Acquired::All)
            }
            Seating::Queued(waiter) => Ok(Acquired::Seat(waiter)),
        }
    }

    /// What keeps a whole call out, before its first attempt.
    #[inline]
    fn check_entry(&self) -> Result<(), Ending> {
        if self.is_cycle() {
            Err(Ending::RedirectCycle)
        } else if self.is_shed() {
            Err(Ending::Shed)
        } else {
            Ok(())
        }
    }

    /// Whether the process is under pressure and the call not important enough. What was admitted further out is
    /// not thrown away halfway, unless this part of it matters less than the whole.
    #[inline]
    fn is_shed(&self) -> bool {
        let call = self.context.admitted;
        self.service().shared().sheds_call(call) && !Context::current().admitted.covers(call)
    }

    /// Arms the timer and asks again.
    #[cold]
    pub(in crate::call) fn wait_for(
        &mut self,
        reason: WaitReason,
        time: Duration,
        slot: Option<RateSlot<'static>>,
        cx: &mut TaskContext<'_>,
    ) -> Admission {
        self.arrival = Arrival::AfterWait;
        self.wait = Some(Wait::with_slot(reason, time, slot));
        self.poll_wait(cx)
    }

    /// Looks whether the wait is over.
    #[cold]
    fn poll_wait(&mut self, cx: &mut TaskContext<'_>) -> Admission {
        let Some(wait) = &mut self.wait else { return Admission::Pending };
        if matches!(wait.as_mut().reason(), WaitReason::Seat(_)) {
            self.poll_seat(cx)
        } else {
            self.poll_turn(cx)
        }
    }

    /// After a wait: the breaker may have opened meanwhile, and the deadline may have come.
    pub(in crate::call) fn go_on(
        &mut self,
        mut permit: Permit,
        slot: Option<RateSlot<'static>>,
        attempt: AttemptTarget,
        now: Tick,
        cx: &mut TaskContext<'_>,
    ) -> Admission {
        let rules = attempt.service_rules();
        let acquired = self.acquire_rest(&mut permit, attempt, rules, now);
        self.conclude(acquired, permit, slot, attempt, rules, now, cx)
    }

    fn acquire_rest(
        &self,
        permit: &mut Permit,
        attempt: AttemptTarget,
        rules: &ServiceRules,
        now: Tick,
    ) -> Result<Acquired, Refusal> {
        if now >= self.context.deadline {
            return Err(Ending::DeadlineExceeded.into());
        }
        if permit.seat.is_none()
            && let Some(bulkhead) = &rules.bulkhead
            && let queued @ Acquired::Seat(_) = self.take_seat(permit, attempt, bulkhead, now)?
        {
            return Ok(queued);
        }
        if self.attempts > 0 {
            permit.take_retry_slot(attempt)?;
        }
        permit.ask_breaker(attempt, rules, now).map_err(circuit_open)?;
        Ok(Acquired::All)
    }

    /// The attempt has all that it needs. The token of a retry is spent by being forgotten.
    fn pass(&mut self, mut permit: Permit, slot: Option<RateSlot<'static>>) {
        if let Some(slot) = slot {
            slot.consume();
        }
        self.attempts += 1;
        permit.number = AttemptNumber::nth(self.attempts);
        self.holding = Holding::Attempt(permit);
        if self.attempts > 1 {
            self.context.inner_outcome = InnerOutcome::default();
            let local = self.attempt_target().local_counters();
            local.counters.retry(local.by);
        }
    }

    /// A further copy of a slow attempt: it takes what is free and never waits, since a copy that has to queue
    /// comes too late to help.
    pub(in crate::call) fn admit_copy(&self, now: Tick) -> Option<OwnedPermit> {
        let attempt = self.attempt_target();
        let rules = attempt.service_rules();
        let receipt = match &rules.budget {
            Some(budget) if attempt.rules().retry_budget_enabled => {
                Some(attempt.target.withdraw(rules, budget, false, now).ok()?)
            }
            _ => None,
        };
        let (mut permit, mut slot) = (Permit::new(), None);
        let acquired = self.acquire(&mut permit, &mut slot, attempt, rules, now, now);
        if !matches!(acquired, Ok(Acquired::All)) {
            permit.close(attempt);
            if let Some(receipt) = receipt {
                attempt.target.give_back(receipt);
            }
            return None;
        }
        let mut permit = permit.tell(attempt);
        if let Some(slot) = slot {
            slot.consume();
        }
        permit.begin(now);
        permit.number = AttemptNumber::nth(self.attempts).copied();
        Some(OwnedPermit::new(permit, attempt))
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests;
