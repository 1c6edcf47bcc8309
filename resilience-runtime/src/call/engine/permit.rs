//! Holds what an attempt was admitted with, and gives it back. In: what admission took for one attempt. Out: one value that gives
//! all of it back, exactly once.
//!
//! The breaker's ticket, the bulkhead permit, the place under the retry cap and the attempt's clock live and die
//! together, so that none can leak. Before the body runs, a permit that is closed gives back what it has; after that,
//! closing one that is not settled abandons the attempt, and that is an outcome of its own.
//!
//! A permit does not know its target, so that a call can hold one in three words: the target comes with each use, and
//! the holder closes the permit when dropped. There are two holders, a full call and
//! [`OwnedPermit`](owned::OwnedPermit). An attempt on the fast path has no permit.

pub(in crate::call) mod owned;
pub(in crate::call) mod settle;

use std::time::Duration;

use super::ledger::AttemptTarget;
use crate::breaker::{BreakerTicket, CastVote, StateChange};
use crate::bulkhead::BulkheadPermit;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::monitor::{AttemptNumber, AttemptOutcome};
use crate::policy::ServiceRules;
use crate::registry::Target;

/// What an attempt holds.
#[derive(Debug)]
#[must_use]
pub(in crate::call) struct Permit {
    /// The breaker's ticket; counts where it was `asked`.
    ticket: BreakerTicket,
    /// When its body began.
    pub(in crate::call) started: Tick,
    /// Not when the breaker is off, or the site does not ask it.
    asked: bool,
    pub(in crate::call) bulkhead: Option<BulkheadPermit>,
    pub(in crate::call) has_retry_slot: bool,
    /// Which attempt of its call it is for.
    pub(in crate::call) number: AttemptNumber,
    stage: Stage,
    /// The change of the breaker when it was asked, for the event of it.
    pub(in crate::call) transition: Option<StateChange>,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) struct AttemptEnd {
    pub(in crate::call) outcome: AttemptOutcome,
    pub(in crate::call) cast: CastVote,
}

/// How far the attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It has not begun.
    Acquiring,
    /// Its body runs.
    Running,
    /// Its body is being polled beside others. When it is closed, that means that it panicked.
    InBody,
    /// It has succeeded and holds nothing, but is not counted yet. If it is closed now, a subscriber has panicked.
    Uncounted,
    /// It has ended, and holds nothing.
    Settled,
}

impl Permit {
    /// A permit that holds nothing yet.
    #[inline]
    pub(in crate::call) fn new() -> Self {
        Self {
            ticket: BreakerTicket::default(),
            started: Tick::NEVER,
            asked: false,
            bulkhead: None,
            has_retry_slot: false,
            number: AttemptNumber::FIRST,
            stage: Stage::Acquiring,
            transition: None,
        }
    }

    /// A permit that holds nothing any more.
    pub(in crate::call) fn settled() -> Self {
        Self { stage: Stage::Settled, ..Self::new() }
    }

    /// A permit whose attempt begins with all that it needs: the breaker's ticket if it was asked, a bulkhead permit
    /// if it takes one, a place under the global cap if it is a retry.
    #[inline]
    pub(in crate::call) fn running(
        ticket: Option<BreakerTicket>,
        has_bulkhead_permit: bool,
        has_retry_slot: bool,
        number: AttemptNumber,
        started: Tick,
    ) -> Self {
        Self {
            ticket: ticket.unwrap_or_default(),
            started,
            asked: ticket.is_some(),
            bulkhead: has_bulkhead_permit.then(BulkheadPermit::granted),
            has_retry_slot,
            number,
            stage: Stage::Running,
            transition: None,
        }
    }

    /// Takes a place under the global cap on retries.
    pub(in crate::call) fn take_retry_slot(&mut self, attempt: AttemptTarget) -> Result<(), Ending> {
        self.has_retry_slot = attempt.target.service().shared().acquire_retry();
        if self.has_retry_slot { Ok(()) } else { Err(Ending::RetryCapReached) }
    }

    /// Asks the breaker; the error is the time until asking again makes sense, where that is known. What it has done on
    /// that is [still to be told](Self::tell).
    #[inline]
    pub(in crate::call) fn ask_breaker(
        &mut self,
        attempt: AttemptTarget,
        rules: &ServiceRules,
        now: Tick,
    ) -> Result<(), Option<Duration>> {
        if let Some(settings) = &rules.breaker
            && attempt.rules().circuit_breaker_enabled
        {
            let timeout = attempt.rules().attempt_timeout;
            let admitted = attempt
                .target
                .state()
                .breaker
                .admit(now, settings, timeout)
                .map_err(|refused| refused.retry_after)?;
            self.ticket = admitted.ticket();
            self.asked = true;
            self.transition = admitted.transition();
        }
        Ok(())
    }

    /// Gives back what a sleeper must not hold, before a wait: a trial belongs to who can make it now, and the cap
    /// counts attempts in flight.
    #[cold]
    fn stand_back(&mut self, attempt: AttemptTarget) {
        self.return_retry_slot(attempt.target);
        if std::mem::take(&mut self.asked) {
            let transition = attempt.target.settle(
                attempt.service_rules(),
                self.ticket,
                CastVote::none(attempt.now()),
                attempt.local_counters().writer(),
            );
            debug_assert!(transition.is_none(), "nobody has voted");
        }
    }

    /// The body begins.
    #[inline]
    pub(in crate::call) fn begin(&mut self, now: Tick) {
        self.started = now;
        self.stage = Stage::Running;
    }

    /// Says whether the body is being polled now, for copies that are polled side by side.
    pub(in crate::call) fn set_in_body(&mut self, is_in_body: bool) {
        if matches!(self.stage, Stage::Running | Stage::InBody) {
            self.stage = if is_in_body { Stage::InBody } else { Stage::Running };
        }
    }

    /// The breaker's ticket, if it was asked.
    #[inline]
    pub(in crate::call) fn ticket(&self) -> Option<BreakerTicket> {
        self.asked.then_some(self.ticket)
    }

    /// Gives its place under the cap on retries back, if it has one.
    #[inline]
    pub(in crate::call) fn return_retry_slot(&mut self, target: Target) {
        if std::mem::take(&mut self.has_retry_slot) {
            target.service().shared().release_retry();
        }
    }
}
