//! Everything that one attempt holds, in one value that settles exactly once.
//!
//! The breaker's leave, the seat in the bulkhead, the place under the retry cap and the attempt's clock live and
//! die together, so that none can leak. Before the body runs, a dropped permit gives back what it has; after that,
//! whoever drops it without settling it abandons the attempt, and that is an outcome of its own.

use std::time::Duration;

use crate::breaker::{Admitted, Vote};
use crate::bulkhead::Seat;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::monitor::AttemptOutcome;
use crate::policy::{CallPolicy, ServicePolicy};
use crate::registry::Target;
use crate::shard::Slot;

/// What an attempt holds.
#[derive(Debug)]
#[must_use]
pub(crate) struct Permit {
    target: Target,
    policy: &'static CallPolicy,
    /// `None` when the breaker is off, or the site does not ask it.
    admitted: Option<Admitted>,
    pub(super) seat: Option<Seat>,
    has_retry_slot: bool,
    pub(crate) started: Tick,
    stage: Stage,
}

/// How far the attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It has not begun.
    Gathering,
    /// Its body runs.
    Running,
    /// Its body is being polled beside others. In `drop`, that means that it panicked.
    InBody,
    /// It has ended, and holds nothing.
    Settled,
}

impl Permit {
    /// A permit that holds nothing yet.
    #[inline]
    pub(super) fn new(target: Target, policy: &'static CallPolicy) -> Self {
        Self {
            target,
            policy,
            admitted: None,
            seat: None,
            has_retry_slot: false,
            started: Tick(0),
            stage: Stage::Gathering,
        }
    }

    /// Takes a place under the global cap on retries.
    pub(super) fn take_retry_slot(&mut self) -> Result<(), Ending> {
        self.has_retry_slot = self.target.acquire_retry();
        if self.has_retry_slot { Ok(()) } else { Err(Ending::RetryCapReached) }
    }

    /// Asks the breaker; the error is the time until asking again makes sense, where that is known.
    #[inline]
    pub(super) fn ask_breaker(&mut self, service: &ServicePolicy, now: Tick) -> Result<(), Option<Duration>> {
        if let Some(settings) = &service.breaker
            && self.policy.circuit_breaker_enabled
        {
            let admitted = self.target.admit(settings, now).map_err(|refused| refused.retry_after)?;
            self.admitted = Some(admitted);
        }
        Ok(())
    }

    /// Gives back what a sleeper must not hold, before a wait: a trial belongs to who can make it now, and the cap
    /// counts attempts in flight.
    pub(super) fn stand_back(&mut self) {
        self.return_retry_slot();
        if let Some(admitted) = self.admitted.take() {
            self.target.settle(admitted, Vote::None, self.target.service().now(), Slot::current());
        }
    }

    /// The body begins.
    #[inline]
    pub(super) fn begin(&mut self, now: Tick) {
        self.started = now;
        self.stage = Stage::Running;
    }

    /// Whether the body has begun.
    #[inline]
    pub(super) fn is_running(&self) -> bool {
        self.stage != Stage::Gathering
    }

    /// Says whether the body is being polled now, for copies that are polled side by side.
    pub(super) fn set_in_body(&mut self, is_in_body: bool) {
        self.stage = if is_in_body { Stage::InBody } else { Stage::Running };
    }

    /// Ends the attempt with its own result.
    #[inline]
    pub(super) fn settle(
        &mut self,
        settings: &ServicePolicy,
        vote: Vote,
        outcome: AttemptOutcome,
        now: Tick,
        slot: Slot,
    ) {
        self.stage = Stage::Settled;
        self.target.service().counters(slot).attempt(outcome, slot);
        match self.admitted.take() {
            Some(admitted) => self.target.settle_with(settings, admitted, vote, now, slot),
            // Adaptive delays and budgets read the window without the breaker, but a site that does not look at
            // the breaker has no vote either.
            None if self.policy.circuit_breaker_enabled => self.target.record(vote, now, slot),
            None => {}
        }
        if let Some(throttle) = &settings.throttle {
            self.target.accepted(throttle, outcome, now, slot);
        }
        if let Some(bulkhead) = &settings.bulkhead {
            self.target.observe(bulkhead, outcome, now.since(self.started), now);
        }
        self.free(settings);
    }

    /// Ends an attempt that will have no result: the call was dropped, or its deadline came. One that was
    /// old enough to have answered counts against the service; a young one says nothing.
    pub(super) fn abandon(&mut self) {
        let now = self.target.service().now();
        let hung_after = self.target.hung_after(self.policy);
        let hung = !hung_after.is_zero() && now.since(self.started) >= hung_after;
        let vote = if hung { Vote::of(true, true) } else { Vote::None };
        self.settle(self.target.service().policy(), vote, AttemptOutcome::Abandoned, now, Slot::current());
    }

    /// Ends an attempt whose body panicked.
    pub(super) fn panicked(&mut self) {
        let now = self.target.service().now();
        let settings = self.target.service().policy();
        self.settle(settings, Vote::of(true, false), AttemptOutcome::Panicked, now, Slot::current());
    }

    #[inline]
    fn free(&mut self, settings: &ServicePolicy) {
        if let Some(seat) = self.seat.take() {
            self.target.release(seat, settings);
        }
        self.return_retry_slot();
    }

    #[inline]
    fn return_retry_slot(&mut self) {
        if self.has_retry_slot {
            self.has_retry_slot = false;
            self.target.release_retry();
        }
    }

    #[cold]
    fn close(&mut self) {
        match self.stage {
            Stage::Gathering => {
                self.stand_back();
                self.free(self.target.service().policy());
            }
            Stage::Running => self.abandon(),
            Stage::InBody => self.panicked(),
            Stage::Settled => {}
        }
    }
}

impl Drop for Permit {
    #[inline]
    fn drop(&mut self) {
        if self.stage != Stage::Settled {
            self.close();
        }
    }
}
