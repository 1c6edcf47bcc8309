//! How a call ends: with the last outcome of an attempt, with a rejection, or dropped on the way.

use std::fmt;

use tracing::debug;

use super::context::report_to_outer;
use super::keep::Keep;
use super::{Call, Progress};
use crate::clock::Tick;
use crate::ending::Ending;
use crate::monitor::CallOutcome;
use crate::policy::{Deposit, ServicePolicy};
use crate::rejection::Rejection;
use crate::shard::Slot;

impl<K> Call<K> {
    /// The deadline came while the body was running.
    pub(super) fn abandon_at_deadline(&mut self) -> Ending {
        if let Some(mut permit) = self.permit.take() {
            permit.abandon();
        }
        self.deposit(self.service().policy(), false, Slot::current());
        self.timed_out = false;
        Ending::DeadlineExceeded
    }

    /// The result of a call that makes no further attempt.
    pub(super) fn end<T, E>(
        &mut self,
        ending: Ending,
        keep: &mut impl Keep<T, E, Kept = K>,
        carry: &mut impl FnMut(Rejection) -> E,
    ) -> Result<T, E> {
        self.reservation = None;
        let slot = Slot::current();
        let last = self.last.take();
        let kind = ending.rejection(self.timed_out);
        let rejection = last.is_none().then_some(kind);
        debug!(
            target: "resilience::call",
            service = self.service().name(),
            attempts = self.attempts,
            reason = ending.name(),
            rejection = rejection.map(crate::RejectionKind::name),
            "call failed"
        );
        self.service().counters(slot).ending(ending, slot);
        let outcome = rejection.map_or(CallOutcome::Error, CallOutcome::Rejected);
        self.close(outcome, self.service().now(), slot);
        let exhausted = match ending {
            Ending::AttemptsExhausted => self.attempts > 1,
            _ => ending == Ending::BudgetExhausted,
        };
        report_to_outer(exhausted, rejection.is_some_and(|kind| !kind.is_timeout()));
        if let Some(kept) = last {
            return keep.release(kept);
        }
        let rejection = Rejection::new(kind, self.service().name());
        Err(carry(match self.retry_after {
            Some(wait) => rejection.with_retry_after(wait),
            None => rejection,
        }))
    }

    /// Pays into the budget, once in a call.
    #[inline]
    pub(super) fn deposit(&self, settings: &ServicePolicy, success: bool, slot: Slot) {
        let due = match settings.deposits() {
            Some(Deposit::Call) => self.attempts == 1,
            Some(Deposit::Success) => success,
            None => false,
        };
        if due {
            self.target.deposit(slot);
        }
    }

    #[inline]
    pub(super) fn close(&mut self, outcome: CallOutcome, now: Tick, slot: Slot) {
        self.progress = Progress::Ended;
        self.service().counters(slot).call_ended(outcome, now.since(self.started), slot);
    }

    #[cold]
    fn cancel(&mut self) {
        let panicked = self.progress == Progress::InBody;
        let outcome = if panicked { CallOutcome::Panicked } else { CallOutcome::Cancelled };
        // Copies of an attempt hold their own permits; a retry that has not started holds a reservation.
        let was_running = self.attempts > 0 && self.reservation.is_none();
        match self.permit.take() {
            Some(mut permit) if panicked => permit.panicked(),
            permit => drop(permit),
        }
        let slot = Slot::current();
        if was_running {
            self.deposit(self.service().policy(), false, slot);
        }
        self.close(outcome, self.service().now(), slot);
    }
}

impl<K> Drop for Call<K> {
    #[inline]
    fn drop(&mut self) {
        if matches!(self.progress, Progress::Between | Progress::InBody) {
            self.cancel();
        }
    }
}

impl<K> fmt::Debug for Call<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("service", &self.service().name())
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
