//! Whom an attempt is made against: a service, with the state of all of it or of one partition.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tracing::{info, warn};

use super::live::Live;
use super::service::Service;
use crate::breaker::{Admitted, Refused, Transition, Vote};
use crate::budget::Receipt;
use crate::bulkhead::{Seat, Waiter};
use crate::clock::Tick;
use crate::ending::Ending;
use crate::entropy;
use crate::monitor::AttemptOutcome;
use crate::policy::{
    Backoff, BreakerSettings, BudgetSettings, BulkheadSettings, CallPolicy, RateSettings, ServicePolicy,
    Strategy, ThrottleSettings,
};
use crate::priority::Priority;
use crate::retry;
use crate::shard::Slot;

/// A service and the state in it that a call uses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    service: &'static Service,
    live: &'static Live,
}

/// A seat of the bulkhead, or the way to one.
#[derive(Debug)]
pub(crate) enum Seating {
    /// A seat, at once.
    Taken(Seat),
    /// A place in the queue.
    Queued(Waiter<'static>),
}

impl Target {
    pub(super) fn new(service: &'static Service, live: &'static Live) -> Self {
        Self { service, live }
    }

    #[inline]
    pub(crate) fn service(self) -> &'static Service {
        self.service
    }

    /// Asks the breaker for admission.
    #[inline]
    pub(crate) fn admit(self, settings: &BreakerSettings, now: Tick) -> Result<Admitted, Refused> {
        let admitted = self.live.breaker.admit(now, settings)?;
        self.announce(admitted.transition());
        Ok(admitted)
    }

    /// Tells the breaker how an attempt ended that it admitted.
    pub(crate) fn settle(self, admitted: Admitted, vote: Vote, now: Tick, slot: Slot) {
        self.settle_with(self.service.policy(), admitted, vote, now, slot);
    }

    /// The same for whoever has the settings at hand.
    #[inline]
    pub(crate) fn settle_with(
        self,
        settings: &ServicePolicy,
        admitted: Admitted,
        vote: Vote,
        now: Tick,
        slot: Slot,
    ) {
        let breaker = &self.live.breaker;
        self.announce(match &settings.breaker {
            Some(settings) => breaker.settle(admitted, vote, now, slot, settings, entropy::unit),
            // Switched off while the attempt ran: its trial must go back all the same.
            None => {
                breaker.settle(admitted, Vote::None, now, slot, &BreakerSettings::default(), entropy::unit)
            }
        });
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
    pub(crate) fn record(self, vote: Vote, now: Tick, slot: Slot) {
        self.live.breaker.record(vote, now, slot);
    }

    pub(crate) fn would_reject_at(self, at: Tick) -> bool {
        self.service.policy().breaker.is_some() && self.live.breaker.would_reject_at(at)
    }

    /// Whether the throttle keeps the attempt back.
    pub(crate) fn is_throttled(self, settings: &ServicePolicy, now: Tick) -> bool {
        let throttle = settings.throttle.as_ref();
        throttle.is_some_and(|settings| {
            self.live.throttle.reject(settings, now, entropy::unit(), Slot::current())
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
            self.live.throttle.record(settings, accepted, now, slot);
        }
    }

    /// How long until the rate limit gives a turn, zero for at once; the error is the time until asking again
    /// makes sense.
    pub(crate) fn turn(
        self,
        settings: &RateSettings,
        now: Tick,
        patience: Duration,
    ) -> Result<Duration, Duration> {
        self.live.rate_limit.turn(settings, now, patience)
    }

    /// Asks the bulkhead for a seat.
    #[inline]
    pub(crate) fn seat(
        self,
        settings: &BulkheadSettings,
        priority: Priority,
        now: Tick,
    ) -> Result<Seating, Ending> {
        let bulkhead = &self.live.bulkhead;
        if let Some(seat) = bulkhead.try_acquire(settings) {
            return Ok(Seating::Taken(seat));
        }
        bulkhead.enqueue(priority, now, settings).map(Seating::Queued).map_err(|_| Ending::BulkheadFull)
    }

    /// Gives a seat back.
    #[inline]
    pub(crate) fn release(self, seat: Seat, settings: &ServicePolicy) {
        self.live.bulkhead.release(seat, settings.bulkhead.as_ref());
    }

    /// Tells an adaptive bulkhead how an attempt went, where that says something about load.
    #[inline]
    pub(crate) fn observe(
        self,
        settings: &BulkheadSettings,
        outcome: AttemptOutcome,
        latency: Duration,
        now: Tick,
    ) {
        if let Some(ok) = outcome.is_unloaded() {
            self.live.bulkhead.observe(latency, ok, now, settings);
        }
    }

    #[inline]
    pub(crate) fn deposit(self, slot: Slot) {
        self.live.budget.deposit(slot);
    }

    /// Takes the cost of a retry; nothing is taken where the budget is off.
    pub(crate) fn withdraw(self, throttled: bool, now: Tick) -> Result<Option<Receipt>, Ending> {
        let policy = self.service.policy();
        let Some(settings) = &policy.budget else { return Ok(None) };
        // It adds up the parts of all threads, so only where it is asked for.
        let is_adaptive = matches!(settings, BudgetSettings::Adaptive(..));
        let success_rate = if is_adaptive { self.live.success_rate(policy, now) } else { None };
        self.live
            .budget
            .withdraw(settings, throttled, now, success_rate)
            .map(Some)
            .ok_or(Ending::BudgetExhausted)
    }

    pub(crate) fn give_back(self, receipt: Receipt) {
        self.live.budget.give_back(receipt, self.service.now());
    }

    /// One step under the global cap on retries in flight.
    pub(crate) fn acquire_retry(self) -> bool {
        let registry = self.service.registry();
        registry.retry_cap.acquire(registry.max_concurrent_retries.load(Ordering::Relaxed))
    }

    pub(crate) fn release_retry(self) {
        self.service.registry().retry_cap.release();
    }

    /// The factor of the `Adaptive` strategy, 1 for the others.
    pub(crate) fn stress(self, backoff: &Backoff, now: Tick) -> f64 {
        if backoff.strategy != Strategy::Adaptive {
            return 1.0;
        }
        let failure_rate = self.live.failure_rate(self.service.policy(), now).unwrap_or(0.0);
        retry::stress(failure_rate, self.service.registry().pressure.share())
    }

    #[inline]
    pub(super) fn announce(self, transition: Option<Transition>) {
        if let Some(transition) = transition {
            self.log(transition);
        }
    }

    #[cold]
    fn log(self, Transition { from, to, .. }: Transition) {
        let service = self.service.name();
        if to.is_open() {
            warn!(target: "resilience::breaker", service, %from, %to, "breaker opened");
        } else {
            info!(target: "resilience::breaker", service, %from, %to, "breaker changed");
        }
    }
}
