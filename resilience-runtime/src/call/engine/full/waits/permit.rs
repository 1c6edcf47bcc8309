//! Polls the timer of an attempt that waits for its bulkhead permit; when it gets one, `bulkhead/queue` decides. With the clock,
//! which the queue is told, and a timer for the end of the wait. Now and then the timer goes off for a look as well: a bulkhead
//! permit may lie idle that somebody was woken for who is not polled, and the waiters of a queue can count on nobody but
//! themselves. How soon, the queue says.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use tokio::time::Instant;

use crate::bulkhead::{Granted, Refused, Waiter};
use crate::call::engine::decision::Admission;
use crate::call::engine::full::acquisition::Acquisition;
use crate::call::engine::full::call::FullCall;
use crate::call::engine::ledger::AttemptTarget;
use crate::call::engine::permit_wait::PermitWait;
use crate::call::engine::wait::{Wait, WaitReason};
use crate::clock::Tick;
use crate::ending::Ending;
use crate::monitor::WaitedFor;
use crate::ratelimit::RateSlot;

impl Wait {
    /// Whether the attempt has its bulkhead permit, or will have none; and since when it has waited.
    fn poll_permit(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<(Result<Granted, Refused>, Tick)> {
        let Some(end) = self.until() else { return Poll::Pending };
        let WaitReason::Permit(permit) = self.as_mut().reason() else { return Poll::Pending };
        let until = *permit.until.get_or_insert(end);
        loop {
            let WaitReason::Permit(permit) = self.as_mut().reason() else { return Poll::Pending };
            let is_time_up = Instant::now() >= until;
            let now = permit.target.service().now();
            if let Poll::Ready(outcome) = permit.waiter.poll_granted(cx, now, is_time_up) {
                return Poll::Ready((outcome, permit.since));
            }
            let look = Instant::now() + permit.waiter.next_check();
            if self.as_mut().poll_at(look.min(until), cx).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

impl FullCall {
    /// Waits for a bulkhead permit, as long as the settings and the deadline allow.
    #[cold]
    pub(in crate::call) fn wait_for_permit(
        &mut self,
        waiter: Waiter<'static>,
        slot: Option<RateSlot<'static>>,
        now: Tick,
        cx: &mut TaskContext<'_>,
    ) -> Admission {
        let AttemptTarget { target, .. } = self.attempt_target();
        let bulkhead = target.service().rules().bulkhead.as_ref();
        let max_wait = bulkhead.map_or(Duration::ZERO, |bulkhead| bulkhead.max_wait);
        let reason = WaitReason::Permit(PermitWait { waiter, target, since: now, until: None });
        self.wait_for(reason, max_wait.min(self.context.deadline.since(now)), slot, cx)
    }

    /// Looks whether the wait for a bulkhead permit is over.
    #[cold]
    pub(in crate::call) fn poll_permit(&mut self, cx: &mut TaskContext<'_>) -> Admission {
        let Some(wait) = &mut self.wait else { return Admission::Pending };
        let Poll::Ready((outcome, since)) = wait.as_mut().poll_permit(cx) else { return Admission::Pending };
        let slot = wait.as_mut().take_slot();
        let attempt = self.attempt_target();
        let now = attempt.now();
        // The timer.
        self.wait = None;
        let waited = now.since(since);
        self.note_wait(WaitedFor::Queue, since, now);
        let (queues, priority) = (self.service().shared().queues(), self.context.importance.priority());
        match outcome {
            Ok(Granted { permit, is_fifo }) => {
                // Who went before others has not seen how long the queue is.
                if is_fifo {
                    queues.waited(priority, waited);
                }
                let mut acquisition = Acquisition::new(attempt, now);
                (acquisition.permit.bulkhead, acquisition.slot) = (Some(permit), slot);
                self.resume_admission(acquisition, cx)
            }
            Err(why) => {
                // As one that comes to a full queue and waits for nothing.
                if why != (Refused::Displaced { is_fifo: true }) {
                    queues.gave_up(priority, waited);
                }
                Admission::Refused(self.why_no_permit(why, now).into())
            }
        }
    }

    fn why_no_permit(&self, why: Refused, now: Tick) -> Ending {
        match why {
            Refused::WouldMissDeadline => Ending::WouldMissDeadline,
            Refused::TimeUp if now >= self.context.deadline => Ending::DeadlineExceeded,
            Refused::TimeUp | Refused::Displaced { .. } => Ending::BulkheadFull,
        }
    }
}
