//! How an attempt gets all that it needs before its body runs: a place under the retry cap, the breaker's leave,
//! the throttle's, a turn under the rate limit, a seat in the bulkhead.
//!
//! The two last may make it wait. It holds no leave of the breaker while it waits, which would keep a trial from
//! somebody else, and asks again after it.

use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use tokio::task::unconstrained;
use tokio::time::{Sleep, sleep};

use super::context::Report;
use super::permit::Permit;
use super::reservation::Reservation;
use super::{Call, Timer};
use crate::bulkhead::Waiter;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::policy::{BulkheadSettings, RateSettings, ServicePolicy};
use crate::registry::Seating;
use crate::shard::Slot;
use crate::shed::Queues;

/// What an attempt waits for on its way in.
#[derive(Debug, Default)]
pub(super) enum Gate {
    /// For nothing.
    #[default]
    Free,
    /// For its turn under the rate limit.
    Turn,
    /// For a seat, since then. In a box, so that calls which never queue have not got its size.
    Seat(Tick, Box<Waiter<'static>>),
}

impl<K> Call<K> {
    /// Gets all that the next attempt needs, or says why there will be none.
    #[inline]
    pub(super) fn poll_admission(
        &mut self,
        cx: &mut TaskContext<'_>,
        timer: Timer<'_>,
    ) -> Poll<Result<(), Ending>> {
        let admitted = if matches!(self.gate, Gate::Free) {
            self.enter_gate(cx, timer)
        } else {
            self.poll_gate(cx, timer)
        };
        if let Poll::Ready(Err(_)) = admitted {
            // What it has got so far goes back.
            self.gate = Gate::Free;
            self.permit = None;
        }
        admitted
    }

    #[inline]
    fn enter_gate(&mut self, cx: &mut TaskContext<'_>, timer: Timer<'_>) -> Poll<Result<(), Ending>> {
        let is_first = self.attempts == 0;
        let now = if is_first && !self.waited { self.started } else { self.service().now() };
        let mut permit = Permit::new(self.target, self.policy);
        if is_first {
            self.check_entry()?;
        } else {
            permit.take_retry_slot()?;
        }
        if now >= self.deadline {
            return Poll::Ready(Err(Ending::DeadlineExceeded));
        }
        let settings = self.service().policy();
        if let Err(wait) = permit.ask_breaker(settings, now) {
            self.retry_after = wait;
            return Poll::Ready(Err(Ending::CircuitOpen));
        }
        if settings.throttle.is_some() && self.target.is_throttled(settings, now) {
            return Poll::Ready(Err(Ending::Throttled));
        }
        if let Some(rate) = &settings.rate_limit {
            let wait = self.take_turn(rate, now)?;
            if !wait.is_zero() {
                permit.stand_back();
                self.permit = Some(permit);
                self.gate = Gate::Turn;
                return self.wait_for(wait, cx, timer);
            }
        }
        if let Some(bulkhead) = &settings.bulkhead {
            match self.target.seat(bulkhead, self.importance.priority(), now)? {
                Seating::Taken(seat) => permit.seat = Some(seat),
                Seating::Queued(waiter) => {
                    permit.stand_back();
                    self.permit = Some(permit);
                    self.gate = Gate::Seat(now, Box::new(waiter));
                    return self.wait_for(self.patience(bulkhead, now), cx, timer);
                }
            }
        }
        permit.begin(now);
        self.permit = Some(permit);
        self.pass()
    }

    /// What keeps a whole call out, before its first attempt.
    #[inline]
    fn check_entry(&self) -> Result<(), Ending> {
        if self.is_cycle {
            Err(Ending::RedirectCycle)
        } else if self.is_shed() {
            Err(Ending::Shed)
        } else {
            Ok(())
        }
    }

    /// How long until the turn of the attempt.
    fn take_turn(&mut self, rate: &RateSettings, now: Tick) -> Result<Duration, Ending> {
        self.target.turn(rate, now, self.deadline.since(now)).map_err(|wait| {
            self.retry_after = Some(wait);
            Ending::RateLimited
        })
    }

    /// How long it waits for a seat.
    fn patience(&self, bulkhead: &BulkheadSettings, now: Tick) -> Duration {
        bulkhead.max_wait.min(self.deadline.since(now))
    }

    /// Arms the timer and asks again.
    #[cold]
    fn wait_for(
        &mut self,
        time: Duration,
        cx: &mut TaskContext<'_>,
        mut timer: Timer<'_>,
    ) -> Poll<Result<(), Ending>> {
        timer.set(Some(sleep(time)));
        self.poll_gate(cx, timer)
    }

    /// Looks whether the wait is over.
    #[cold]
    fn poll_gate(&mut self, cx: &mut TaskContext<'_>, mut timer: Timer<'_>) -> Poll<Result<(), Ending>> {
        if let Gate::Seat(since, waiter) = &mut self.gate
            && let Poll::Ready(seat) = waiter.poll_granted(cx)
        {
            let since = *since;
            let waited = self.service().now().since(since);
            if let Some(permit) = &mut self.permit {
                permit.seat = Some(seat);
            }
            self.queues().waited(self.importance.priority(), waited);
            timer.set(None);
            return self.go_on(cx, timer);
        }
        ready!(poll_timer(timer.as_mut(), cx));
        timer.set(None);
        if let Gate::Seat(since, _) = self.gate {
            let now = self.service().now();
            self.queues().gave_up(self.importance.priority(), now.since(since));
            let is_late = now >= self.deadline;
            return Poll::Ready(Err(if is_late { Ending::DeadlineExceeded } else { Ending::BulkheadFull }));
        }
        self.go_on(cx, timer)
    }

    /// After a wait: the breaker may have opened meanwhile, and the deadline may have come.
    fn go_on(&mut self, cx: &mut TaskContext<'_>, timer: Timer<'_>) -> Poll<Result<(), Ending>> {
        let now = self.service().now();
        self.gate = Gate::Free;
        if now >= self.deadline {
            return Poll::Ready(Err(Ending::DeadlineExceeded));
        }
        let settings = self.service().policy();
        let Some(permit) = &mut self.permit else { return Poll::Ready(Err(Ending::DeadlineExceeded)) };
        if permit.seat.is_none()
            && let Some(bulkhead) = &settings.bulkhead
        {
            match self.target.seat(bulkhead, self.importance.priority(), now)? {
                Seating::Taken(seat) => permit.seat = Some(seat),
                Seating::Queued(waiter) => {
                    self.gate = Gate::Seat(now, Box::new(waiter));
                    return self.wait_for(self.patience(bulkhead, now), cx, timer);
                }
            }
        }
        if self.attempts > 0 {
            permit.take_retry_slot()?;
        }
        if let Err(wait) = permit.ask_breaker(settings, now) {
            self.retry_after = wait;
            return Poll::Ready(Err(Ending::CircuitOpen));
        }
        permit.begin(now);
        self.pass()
    }

    fn queues(&self) -> &'static Queues {
        self.service().registry().queues()
    }

    /// The attempt has all that it needs.
    #[inline]
    fn pass(&mut self) -> Poll<Result<(), Ending>> {
        if let Some(reservation) = self.reservation.take() {
            reservation.spend();
        }
        self.attempts += 1;
        self.report = Report::default();
        if self.attempts > 1 {
            let slot = Slot::current();
            self.service().counters(slot).retry(slot);
        }
        Poll::Ready(Ok(()))
    }

    /// A further copy of a slow attempt: it takes what is free and never waits, since a copy that has to queue
    /// comes too late to help.
    pub(super) fn admit_copy(&self, now: Tick) -> Option<Permit> {
        let settings: &ServicePolicy = self.service().policy();
        let reservation = Reservation::take(self.target, false, now).ok()?;
        let mut permit = Permit::new(self.target, self.policy);
        permit.take_retry_slot().ok()?;
        permit.ask_breaker(settings, now).ok()?;
        if settings.throttle.is_some() && self.target.is_throttled(settings, now) {
            return None;
        }
        if let Some(rate) = &settings.rate_limit {
            self.target.turn(rate, now, Duration::ZERO).ok()?;
        }
        if let Some(bulkhead) = &settings.bulkhead {
            match self.target.seat(bulkhead, self.importance.priority(), now) {
                Ok(Seating::Taken(seat)) => permit.seat = Some(seat),
                Ok(Seating::Queued(_)) | Err(_) => return None,
            }
        }
        reservation.spend();
        permit.begin(now);
        Some(permit)
    }
}

/// Whether the timer has gone off. It is asked outside of tokio's budget: a body that uses all of that up in each
/// poll would keep it from looking at the clock, for ever.
pub(super) fn poll_timer(timer: Pin<&mut Option<Sleep>>, cx: &mut TaskContext<'_>) -> Poll<()> {
    match timer.as_pin_mut() {
        Some(timer) => pin!(unconstrained(timer)).poll(cx),
        None => Poll::Ready(()),
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests;
