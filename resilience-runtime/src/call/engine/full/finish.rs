//! Ends a full call that has not succeeded or was dropped: counts it and tells of it; with which rejection, `ending` decides. In:
//! the last outcome of an attempt, a rejection, or a drop. Out: the end of a full call, counted and told.

use super::call::FullCall;
use super::progress::{LastAttempt, Progress, Scope};
use crate::call::context::{Given, InnerOutcome, mark_for_outer, report_to_outer};
use crate::call::engine::decision::Refusal;
use crate::call::engine::events::call_ended;
use crate::call::engine::holding::Holding;
use crate::call::engine::ledger::{AttemptTarget, LocalCounters};
use crate::classify::CameOut;
use crate::clock::Tick;
use crate::counting::shard::Writer;
use crate::ending::Ending;
use crate::events::ErrorType;
use crate::mark::{Group, Mark};
use crate::monitor::{AttemptOutcome, CallOutcome, CallerOutcome};
use crate::rejection::Rejection;
use crate::wakers::shielded;

/// A rejection on its way into an error of the user's: its group, and how many there were of that.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::call) struct TrackedRejection {
    group: Group,
    marks: u32,
}

impl TrackedRejection {
    #[cold]
    pub(in crate::call) fn new(rejection: &Rejection) -> Self {
        let group = rejection.mark().group();
        let marks = if group == Group::default() { 0 } else { group.marks() };
        Self { group, marks }
    }

    /// What has become of it: it exists, or the conversion has lost it.
    pub(in crate::call) fn given(self) -> Given {
        if self.group == Group::default() {
            Given::Nothing
        } else if self.group.marks() < self.marks {
            Given::LostRejection
        } else {
            Given::Rejection(self.group.short())
        }
    }
}

impl FullCall {
    /// The deadline came while the body was running.
    pub(in crate::call) fn abandon_at_deadline(&mut self) -> Ending {
        if self.policy.is_traced {
            let name = Ending::DeadlineExceeded.name();
            self.fail_attempt_span(ErrorType::Name(name), AttemptOutcome::Abandoned.name());
        }
        let attempt = self.attempt_target();
        let transition = self.take_permit().and_then(|mut permit| permit.abandon(attempt));
        attempt.local_counters().deposit(attempt.service_rules(), self.attempts, false);
        self.last_attempt = LastAttempt::Failed;
        self.tell(transition);
        Ending::DeadlineExceeded
    }

    /// Whether the last attempt ran into its timeout.
    fn has_timed_out(&self) -> bool {
        self.last_attempt == LastAttempt::TimedOut
    }

    /// What the caller of a call is told that ends so, if no attempt left a result. For time running out, the
    /// dependency may be to blame, and nobody follows it.
    #[cold]
    pub(in crate::call) fn rejection(&self, refusal: Refusal) -> Rejection {
        let kind = refusal.ending.rejection(self.has_timed_out());
        let mark = if kind.is_timeout() { Mark::NONE } else { mark_for_outer() };
        refusal.rejection(kind, self.service()).marked(mark)
    }

    /// Ends a call that makes no further attempt. `has_last` says that an attempt left a result; without one, the
    /// call ends with the [rejection](Self::rejection), which is `followed`.
    pub(in crate::call) fn end(&mut self, ending: Ending, has_last: bool, followed: TrackedRejection) {
        self.give_back();
        let rejection = (!has_last).then(|| ending.rejection(self.has_timed_out()));
        if self.bound.is_told() {
            self.tell_of_end(ending, rejection);
        }
        if ending == Ending::BudgetExhausted {
            self.tell_of_empty_budget();
        }
        if self.policy.is_traced {
            self.fail_call_span(ending, rejection);
        }
        let outcome = rejection.map_or(CallOutcome::Error, CallOutcome::Rejected);
        // Turned away at once: no time has passed since it began.
        let is_prompt = self.attempts == 0 && !self.has_waited();
        let now = if is_prompt { self.started } else { self.service().now() };
        if rejection.is_some() {
            self.seen = CallerOutcome::Rejected;
        }
        let attempt = self.attempt_target();
        match attempt.owned_counters() {
            Some(local) => self.count_end(ending, outcome, now, local),
            None => self.count_end_with_shared(ending, outcome, now, attempt),
        }
        let exhausted = match ending {
            Ending::AttemptsExhausted => self.attempts > 1,
            _ => ending == Ending::BudgetExhausted,
        };
        if has_last && self.came_out == CameOut::Own {
            self.context.inner_outcome = InnerOutcome::default();
            report_to_outer(exhausted, Given::Nothing);
        } else {
            let given =
                if has_last { self.context.inner_outcome.given(self.came_out) } else { followed.given() };
            self.give(exhausted, given);
        }
        if !has_last {
            self.came_out = CameOut::Rejection;
        }
    }

    /// The same on a thread that has no counters of its own. Apart, as few threads are so.
    #[inline(never)]
    fn count_end_with_shared(
        &mut self,
        ending: Ending,
        outcome: CallOutcome,
        now: Tick,
        attempt: AttemptTarget,
    ) {
        self.count_end(ending, outcome, now, attempt.local_counters());
    }

    /// Counts the end of a call that has not succeeded.
    #[inline]
    fn count_end<W: Writer>(
        &mut self,
        ending: Ending,
        outcome: CallOutcome,
        now: Tick,
        local: LocalCounters<W>,
    ) {
        local.of_service().ending(ending, local.by);
        // Otherwise it is counted once it is known whether something answers.
        if !self.bound.may_be_answered_for() {
            local.site.seen(self.seen, local.by);
        }
        self.close(outcome, now, local);
    }

    /// Gives a rejection to the attempt around the call.
    #[cold]
    fn give(&mut self, exhausted: bool, given: Given) {
        // From now on that alone: a call with a fallback may give its error later.
        self.context.inner_outcome = InnerOutcome::default().and(false, given);
        report_to_outer(exhausted, given);
    }

    #[inline]
    pub(in crate::call) fn close<W: Writer>(
        &mut self,
        outcome: CallOutcome,
        now: Tick,
        local: LocalCounters<W>,
    ) {
        self.progress = Progress::Ended;
        self.service().step(|| call_ended(outcome));
        if self.attempts == 0 {
            local.site.call_ended_without_body(outcome, local.by);
        } else {
            local.site.call_ended(outcome, now.nanos_since(self.started), local.by);
        }
    }

    /// Leaves the partition, after all that is given back to it.
    #[cold]
    fn leave_partition(&mut self) {
        shielded(|| self.wait = None);
        self.partition.leave();
    }

    /// Gives back what it has for a retry that will not start.
    fn give_back(&mut self) {
        if let Holding::PaidRetry(receipt) | Holding::PaidRetryLater(receipt) =
            std::mem::replace(&mut self.holding, Holding::Nothing)
        {
            self.target().state().budget.give_back(receipt, self.service().now());
        }
    }

    #[cold]
    fn cancel(&mut self) {
        let panicked = self.progress == Progress::InBody;
        let (outcome, seen) = if panicked {
            (CallOutcome::Panicked, CallerOutcome::Panicked)
        } else {
            (CallOutcome::Cancelled, CallerOutcome::Cancelled)
        };
        if self.policy.is_traced {
            self.cut_spans(panicked);
        }
        let attempt = self.attempt_target();
        // Copies of an attempt hold their own permits; a retry that has not started holds a reservation.
        match self.take_permit() {
            Some(mut permit) => {
                if panicked {
                    permit.set_in_body(true);
                }
                permit.close(attempt);
            }
            None => self.give_back(),
        }
        let local = attempt.local_counters();
        if self.attempts > 0 && self.last_attempt == LastAttempt::None {
            local.deposit(attempt.service_rules(), self.attempts, false);
        }
        local.site.seen(seen, local.by);
        self.close(outcome, attempt.now(), local);
    }
}

impl FullCall {
    /// Ends the call if it has not ended, and gives back what it has: it is dropped.
    #[inline]
    pub(in crate::call) fn release(&mut self) {
        if matches!(self.progress, Progress::Between | Progress::InBody) {
            self.cancel();
        } else if self.progress == Progress::Observed {
            self.drop_observed();
        }
        if self.policy.is_traced {
            self.close_spans();
        }
        if self.scope == Scope::Partition {
            self.leave_partition();
        }
    }
}
