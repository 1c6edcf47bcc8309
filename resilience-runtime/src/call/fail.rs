//! After a failed attempt: its permit is settled, and the next attempt planned, or the reason found for there to be
//! none.

use std::time::Duration;

use tracing::debug;

use super::context::Report;
use super::decide::Failure;
use super::permit::Permit;
use super::reservation::Reservation;
use super::{Call, Next};
use crate::clock::Tick;
use crate::ending::Ending;
use crate::entropy;
use crate::retry;
use crate::shard::Slot;

impl<K> Call<K> {
    /// Settles the permit of an attempt that failed.
    pub(super) fn settle(&self, mut permit: Permit, failure: Failure, report: Report, now: Tick, slot: Slot) {
        let time = now.since(permit.started);
        let outcome = failure.outcome(report);
        self.remember(outcome, time, now, slot);
        let settings = self.service().policy();
        permit.settle(settings, failure.vote(settings.is_slow(time), report), outcome, now, slot);
    }

    /// The attempt failed: settles its permit and decides how to go on.
    pub(super) fn fail(&mut self, failure: Failure, report: Report) -> Next {
        let now = self.service().now();
        let slot = Slot::current();
        if let Some(permit) = self.permit.take() {
            self.settle(permit, failure, report, now, slot);
        }
        self.deposit(self.service().policy(), false, slot);
        self.timed_out = matches!(failure, Failure::TimedOut);
        match self.plan(failure, report, now) {
            Ok(delay) => {
                debug!(
                    target: "resilience::retry",
                    service = self.service().name(),
                    attempt = self.attempts,
                    delay_seconds = delay.as_secs_f64(),
                    outcome = failure.outcome(report).name(),
                    "retrying"
                );
                if delay.is_zero() { Next::Now } else { Next::After(delay) }
            }
            Err(ending) => Next::End(ending),
        }
    }

    /// The delay before the next attempt, or why there will be none. Takes the token last: a token that is
    /// taken for a retry which another rule then forbids would be lost to the others.
    fn plan(&mut self, failure: Failure, report: Report, now: Tick) -> Result<Duration, Ending> {
        failure.is_retryable(self.policy, report)?;
        if self.is_single || !self.policy.retry_enabled || self.attempts >= self.policy.max_attempts {
            return Err(Ending::AttemptsExhausted);
        }
        let delay = self.delay(failure, now)?;
        let wake = now.plus(delay);
        if wake >= self.deadline {
            return Err(Ending::DeadlineExceeded);
        }
        if self.policy.circuit_breaker_enabled && self.target.would_reject_at(wake) {
            return Err(Ending::CircuitOpen);
        }
        self.reservation = Some(Reservation::take(self.target, failure.is_throttled(), now)?);
        Ok(delay)
    }

    /// The strategy's delay; with a hint of the server, the hint plus a share of that delay, so that the
    /// callers who got the same hint do not come back together.
    fn delay(&mut self, failure: Failure, now: Tick) -> Result<Duration, Ending> {
        let stress = self.target.stress(&self.policy.backoff, now);
        let backoff = &self.policy.backoff;
        let delay = retry::delay(backoff, self.attempts, self.previous_delay, stress, entropy::unit());
        self.previous_delay = delay;
        match failure.recovery().after {
            None => Ok(delay),
            Some(hint) if hint > self.policy.max_retry_after => Err(Ending::RetryAfterTooLong),
            Some(hint) => Ok(hint.saturating_add(delay.mul_f64(entropy::unit()))),
        }
    }
}
