//! Decides in which order a call is let in, by deadline, shedding, breaker, throttle, rate limit, bulkhead, and rejects it. In: a
//! full call and the time. Out: all that an attempt needs before its body, the place under the cap on retries included; the queue
//! in which it has to wait for the rest; or why it gets none. Each of them has its own rules.

use resilience_settings::policy::BulkheadSettings;

use super::call::FullCall;
use crate::bulkhead::{Enqueued, PermitRequest, Waiter};
use crate::call::context::Context;
use crate::call::engine::decision::{Refusal, circuit_open, rate_limited};
use crate::call::engine::ledger::AttemptTarget;
use crate::call::engine::permit::Permit;
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::ending::Ending;
use crate::policy::ServiceRules;
use crate::ratelimit::{Entry, RateSlot, SlotWaiter};
/// What an attempt has acquired so far, and by which settings and time.
pub(in crate::call) struct Acquisition {
    pub(in crate::call) permit: Permit,
    pub(in crate::call) slot: Option<RateSlot<'static>>,
    pub(in crate::call) attempt: AttemptTarget,
    /// The settings of the service that are in force.
    pub(in crate::call) rules: &'static ServiceRules,
    pub(in crate::call) now: Tick,
}

/// How far an acquisition has come.
pub(in crate::call) enum Acquired {
    /// It is complete.
    All,
    /// It waits for its slot.
    RateSlot(SlotWaiter<'static>),
    /// It is in the queue for a bulkhead permit.
    BulkheadWaiter(Waiter<'static>),
}

impl Acquisition {
    #[inline]
    pub(in crate::call) fn new(attempt: AttemptTarget, now: Tick) -> Self {
        Self { permit: Permit::new(), slot: None, attempt, rules: attempt.service_rules(), now }
    }

    #[inline]
    fn ask_breaker(&mut self) -> Result<(), Refusal> {
        self.permit.ask_breaker(self.attempt, self.rules, self.now).map_err(circuit_open)
    }
}

impl FullCall {
    /// Acquires what an attempt needs, as far as it can be had at once; `until` is when it would have no use for a
    /// slot or a bulkhead permit any more. One that would not wait at all does not join a queue either, where it
    /// might take the place of another.
    pub(in crate::call) fn acquire(
        &self,
        acquisition: &mut Acquisition,
        until: Tick,
    ) -> Result<Acquired, Refusal> {
        let Acquisition { attempt, rules, now, .. } = *acquisition;
        if self.attempts == 0 {
            self.check_entry()?;
        } else {
            acquisition.permit.take_retry_slot(attempt)?;
        }
        if now >= self.context.deadline {
            return Err(Ending::DeadlineExceeded.into());
        }
        acquisition.ask_breaker()?;
        let state = attempt.target.state();
        if let Some(throttle) = &rules.throttle
            && state.throttle.reject(throttle, now, self.bound.shared().chance.unit(), Slot::current())
        {
            return Err(Ending::Throttled.into());
        }
        if let Some(pace) = rules.pace {
            match state.rate_limit.enter(pace, now, until).map_err(rate_limited)? {
                Entry::Slot(taken) => acquisition.slot = Some(taken),
                Entry::Queued(waiter) => return Ok(Acquired::RateSlot(waiter)),
            }
        }
        let Some(bulkhead) = &rules.bulkhead else { return Ok(Acquired::All) };
        if until > now {
            return self.acquire_permit(acquisition, bulkhead);
        }
        acquisition.permit.bulkhead = state.try_acquire_permit(bulkhead, state.shard(Slot::current()));
        if acquisition.permit.bulkhead.is_some() {
            Ok(Acquired::All)
        } else {
            Err(Ending::BulkheadFull.into())
        }
    }

    /// Acquires what is missing after a wait. The breaker's ticket and the place under the cap were not held meanwhile.
    pub(in crate::call) fn acquire_rest(&self, acquisition: &mut Acquisition) -> Result<Acquired, Refusal> {
        if acquisition.now >= self.context.deadline {
            return Err(Ending::DeadlineExceeded.into());
        }
        if acquisition.permit.bulkhead.is_none()
            && let Some(bulkhead) = &acquisition.rules.bulkhead
            && let queued @ Acquired::BulkheadWaiter(_) = self.acquire_permit(acquisition, bulkhead)?
        {
            return Ok(queued);
        }
        if self.attempts > 0 {
            acquisition.permit.take_retry_slot(acquisition.attempt)?;
        }
        acquisition.ask_breaker()?;
        Ok(Acquired::All)
    }

    fn acquire_permit(
        &self,
        acquisition: &mut Acquisition,
        bulkhead: &BulkheadSettings,
    ) -> Result<Acquired, Refusal> {
        let request = PermitRequest {
            priority: self.context.importance.priority(),
            now: acquisition.now,
            call: self.started,
            deadline: self.context.deadline,
        };
        match acquisition.attempt.target.state().acquire_permit(bulkhead, request)? {
            Enqueued::Acquired(permit) => {
                acquisition.permit.bulkhead = Some(permit);
                Ok(Acquired::All)
            }
            Enqueued::Queued(waiter) => Ok(Acquired::BulkheadWaiter(waiter)),
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
}
