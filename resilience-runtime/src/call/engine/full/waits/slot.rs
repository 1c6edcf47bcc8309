//! Polls the timer of an attempt that waits for its slot; when it gets one, `ratelimit` decides. Apart from admission because this
//! is a wait with a timer that is set anew: when the next slot is due changes with whoever comes, goes and reloads.

use std::task::Context as TaskContext;

use crate::call::engine::decision::{Admission, rate_limited};
use crate::call::engine::full::acquisition::Acquisition;
use crate::call::engine::full::call::FullCall;
use crate::call::engine::wait::WaitReason;
use crate::ending::Ending;
use crate::monitor::WaitedFor;
use crate::ratelimit::SlotAnswer;

impl FullCall {
    /// Looks whether the slot has come.
    #[cold]
    pub(in crate::call) fn poll_turn(&mut self, cx: &mut TaskContext<'_>) -> Admission {
        let attempt = self.attempt_target();
        loop {
            let Some(wait) = &mut self.wait else { return Admission::Pending };
            let WaitReason::Slot(waiter, since) = wait.as_mut().reason() else { return Admission::Pending };
            let (since, now) = (*since, attempt.now());
            let slot = if now >= self.context.deadline {
                self.wait = None;
                self.note_wait(WaitedFor::RateLimit, since, now);
                return Admission::Refused(Ending::DeadlineExceeded.into());
            } else if let Some(pace) = attempt.service_rules().pace {
                match waiter.ask(pace, now, cx) {
                    SlotAnswer::Slot(slot) => Some(slot),
                    SlotAnswer::AskAt(at) => {
                        wait.as_mut().wait_on(at.since(now));
                        if wait.as_mut().poll_timer(cx).is_pending() {
                            return Admission::Pending;
                        }
                        continue;
                    }
                    SlotAnswer::GaveUp(later) => {
                        self.wait = None;
                        self.note_wait(WaitedFor::RateLimit, since, now);
                        return Admission::Refused(rate_limited(later));
                    }
                }
            } else {
                // Switched off meanwhile.
                None
            };
            self.wait = None;
            self.note_wait(WaitedFor::RateLimit, since, now);
            let mut acquisition = Acquisition::new(attempt, now);
            acquisition.slot = slot;
            return self.resume_admission(acquisition, cx);
        }
    }
}
