//! Lets an attempt of a full call in, poll by poll; what it needs and in which order, `acquisition` decides. In: polls. Out: that
//! the body may run, a wait, or why there is no attempt.
//!
//! What it needs is [acquired](super::acquisition) step by step. A slot under the rate limit and a bulkhead permit may
//! make it wait. It holds no ticket of the breaker while it waits, which would keep a trial from somebody else, and asks
//! again after it. A slot that comes to nothing goes back.

use std::task::Context as TaskContext;
use std::time::Duration;

use super::acquisition::{Acquired, Acquisition};
use super::call::FullCall;
use super::progress::{Arrival, Progress};
use crate::call::context::InnerOutcome;
use crate::call::engine::decision::{Admission, Refusal};
use crate::call::engine::holding::Holding;
use crate::call::engine::permit::Permit;
use crate::call::engine::wait::{Wait, WaitReason};
use crate::clock::Tick;
use crate::events::CallStep;
use crate::monitor::AttemptNumber;
use crate::ratelimit::RateSlot;

impl FullCall {
    /// Gets all that the next attempt needs, or says why there will be none.
    #[inline(never)]
    pub(in crate::call) fn poll_admission(&mut self, cx: &mut TaskContext<'_>) -> Admission {
        if matches!(self.progress, Progress::PassThrough | Progress::Observed) {
            return Admission::PassThrough;
        }
        self.run_foreign(
            |full| if full.wait.is_some() { full.poll_wait(cx) } else { full.begin_admission(cx) },
        )
    }

    fn begin_admission(&mut self, cx: &mut TaskContext<'_>) -> Admission {
        let mut acquisition = Acquisition::new(self.attempt_target(), self.time_of_admission());
        let acquired = self.acquire(&mut acquisition, self.context.deadline);
        self.conclude(acquired, acquisition, cx)
    }

    /// After a wait: the breaker may have opened meanwhile, and the deadline may have come.
    pub(in crate::call) fn resume_admission(
        &mut self,
        mut acquisition: Acquisition,
        cx: &mut TaskContext<'_>,
    ) -> Admission {
        let acquired = self.acquire_rest(&mut acquisition);
        self.conclude(acquired, acquisition, cx)
    }

    /// Lets the attempt in with what it has acquired, has it wait for the rest, or turns it away.
    #[expect(
        clippy::inline_always,
        reason = "on the path of all calls that leave the fast path: out of line it costs 30 instructions"
    )]
    #[inline(always)]
    fn conclude(
        &mut self,
        acquired: Result<Acquired, Refusal>,
        Acquisition { permit, slot, attempt, now, .. }: Acquisition,
        cx: &mut TaskContext<'_>,
    ) -> Admission {
        let mut permit = permit.tell(attempt);
        match acquired {
            Ok(Acquired::All) => {
                permit.begin(now);
                self.grant(permit, slot);
                Admission::Granted
            }
            Ok(Acquired::RateSlot(waiter)) => {
                permit.close(attempt);
                self.wait_for(WaitReason::Slot(waiter, now), Duration::ZERO, None, cx)
            }
            Ok(Acquired::BulkheadWaiter(waiter)) => {
                permit.close(attempt);
                self.wait_for_permit(waiter, slot, now, cx)
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
        if matches!(wait.as_mut().reason(), WaitReason::Permit(_)) {
            self.poll_permit(cx)
        } else {
            self.poll_turn(cx)
        }
    }

    /// The attempt has all that it needs. The token of a retry is spent by being forgotten.
    fn grant(&mut self, mut permit: Permit, slot: Option<RateSlot<'static>>) {
        if let Some(slot) = slot {
            slot.consume();
        }
        self.attempts += 1;
        let is_retry = self.attempts > 1;
        if is_retry {
            permit.number = AttemptNumber::nth(self.attempts);
        }
        self.holding = Holding::Attempt(permit);
        if is_retry {
            self.context.inner_outcome = InnerOutcome::default();
            let local = self.attempt_target().local_counters();
            local.of_service().retry(local.by);
            let attempt = self.attempts;
            self.service().step(|| CallStep::RetryBegan { attempt });
        }
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests;
