//! Carries out a retry of a full call, or its end, as [`retry_rules`](crate::call::engine) decides. In: a failed attempt. Out: the
//! failed permit is settled, and the next attempt is planned, unless the deadline would come before it; or the call ends.

use std::time::Duration;

use super::call::FullCall;
use super::progress::{LastAttempt, TimeLimit};
use crate::breaker::{CastVote, Origin};
use crate::call::engine::decision::Next;
use crate::call::engine::failure::{FailedAttempt, Failure};
use crate::call::engine::holding::Holding;
use crate::call::engine::ledger::{AttemptTarget, LocalCounters};
use crate::call::engine::permit::{AttemptEnd, Permit};
use crate::classify::{CameOut, client};
use crate::clock::Tick;
use crate::counting::shard::Writer;
use crate::ending::Ending;
use crate::events::{OfCall, Why};
use crate::policy::ServiceRules;

impl FullCall {
    /// Settles the permit of a copy that failed while others go on.
    pub(in crate::call) fn settle(&mut self, mut permit: Permit, failure: &Failure) {
        let (attempt, now) = (self.attempt_target(), self.service().now());
        let (rules, outcome) = (attempt.service_rules(), failure.outcome());
        let time = now.nanos_since(permit.started);
        let vote = failure.vote(time >= rules.slow_nanos);
        let cast = CastVote { vote, origin: self.origin(false), at: now };
        attempt.count_pattern(failure, now, false);
        let end = AttemptEnd { outcome, cast };
        let transition = permit.settle(attempt, rules, end, attempt.local_counters());
        self.note_what_is_kept(failure);
        self.remember(outcome, time, now);
        self.tell(transition);
    }

    /// After a failure, or for a body that is gone since its time is up.
    #[cold]
    pub(in crate::call) fn go_on_after(&mut self, failed: &FailedAttempt) -> Next {
        if failed.failure.has_timed_out() && self.limit == TimeLimit::Call {
            return Next::End(self.abandon_at_deadline());
        }
        self.fail(failed)
    }

    /// The attempt failed: settles its permit and decides how to go on.
    pub(in crate::call) fn fail(&mut self, failed: &FailedAttempt) -> Next {
        if self.policy.is_traced {
            self.fail_attempt_span(failed.failure.error_type(), failed.failure.outcome().name());
        }
        let attempt = self.attempt_target();
        match attempt.owned_counters() {
            Some(local) => self.fail_with(failed, attempt, local),
            None => self.fail_with_shared(failed, attempt),
        }
    }

    /// The same on a thread that has no counters of its own. Apart, as few threads are so.
    #[inline(never)]
    fn fail_with_shared(&mut self, failed: &FailedAttempt, attempt: AttemptTarget) -> Next {
        self.fail_with(failed, attempt, attempt.local_counters())
    }

    #[inline]
    fn fail_with<W: Writer>(
        &mut self,
        failed: &FailedAttempt,
        attempt: AttemptTarget,
        local: LocalCounters<W>,
    ) -> Next {
        let failure = &failed.failure;
        let now = attempt.now();
        let rules = attempt.service_rules();
        let outcome = failure.outcome();
        let origin = self.origin(self.attempts == 1);
        let mut transition = None;
        // Where it is: to take it out would copy it for nothing.
        if let Holding::Attempt(permit) = &mut self.holding {
            let time = now.nanos_since(permit.started);
            let vote = failure.vote(time >= rules.slow_nanos);
            let end = AttemptEnd { outcome, cast: CastVote { vote, origin, at: now } };
            transition = permit.settle_by(attempt, rules, end, local);
            self.holding = Holding::Nothing;
            self.remember(outcome, time, now);
        }
        local.deposit(rules, self.attempts, false);
        self.last_attempt = if failure.has_timed_out() { LastAttempt::TimedOut } else { LastAttempt::Failed };
        self.note_what_is_kept(failure);
        let plan = self.plan(failed, rules, now);
        match plan {
            Ok(delay) => {
                attempt.count_pattern(failure, now, false);
                self.tell(transition);
                self.tell_of_retry(delay, failure);
                if failure.client() != 0 {
                    self.advise(failure);
                }
                if delay == 0 { Next::Now } else { Next::After(Duration::from_nanos(delay)) }
            }
            Err(ending) => {
                attempt.count_pattern(failure, now, true);
                self.tell(transition);
                self.note_why(failed, ending);
                Next::End(ending)
            }
        }
    }

    /// Tells which feature would know more of the error that is retried.
    #[cold]
    fn advise(&mut self, failure: &Failure) {
        if let Some(client) = client(failure.client()) {
            self.run_foreign(|full| full.bound.note_blind_retry(client));
        }
    }

    /// The call as the breaker tells it from others. Where nothing goes by when it began, that may not be known.
    #[inline]
    fn origin(&self, is_first: bool) -> Origin {
        Origin { call: if self.policy.is_timed { self.started } else { Tick(0) }, is_first }
    }

    /// Notes whose error it is that the call keeps, and what that says. An attempt that has timed out leaves that of one before it.
    #[inline]
    pub(in crate::call) fn note_what_is_kept(&mut self, failure: &Failure) {
        if failure.has_timed_out() {
            return;
        }
        self.seen = failure.seen();
        if failure.is_rejection() || self.came_out != CameOut::Own {
            self.came_out = failure.came_out();
        }
    }

    /// The delay before the next attempt in nanoseconds, or why there will be none. Takes the token last: a token
    /// that is taken for a retry which another rule then forbids would be lost to the others.
    fn plan(&mut self, failed: &FailedAttempt, rules: &ServiceRules, now: Tick) -> Result<u64, Ending> {
        let attempt = self.attempt_target();
        attempt.may_retry(failed, self.attempts, failed.is_single || self.bound.is_single())?;
        let delay = self.delay(failed.failure.retry_after().max(failed.min_delay), now)?;
        let wake = Tick(now.0.saturating_add(delay));
        if wake >= self.context.deadline {
            return Err(Ending::DeadlineExceeded);
        }
        let receipt = attempt.pay_for_retry(rules, failed, wake, now)?;
        self.holding = Holding::retry(receipt, now, delay);
        Ok(delay)
    }
}

impl FullCall {
    /// Tells those who listen that there will be another attempt.
    #[inline]
    pub(in crate::call) fn tell_of_retry(&mut self, delay: u64, failure: &Failure) {
        if self.bound.is_retry_told() {
            self.retry_event(delay, failure);
        }
        if self.service().is_budget_short() {
            self.tell_of_refill();
        }
    }

    /// Tells those who listen that the budget has paid for a retry again.
    #[cold]
    fn tell_of_refill(&mut self) {
        if matches!(self.holding, Holding::PaidRetry(_) | Holding::PaidRetryLater(_)) {
            self.run_foreign(|full| full.service().tell_of_refill());
        }
    }

    /// Apart: an event takes much room on the stack.
    #[cold]
    fn retry_event(&mut self, delay: u64, failure: &Failure) {
        self.run_foreign(|full| {
            full.bound.tell(OfCall::Retrying {
                attempt: full.attempts,
                allowed: full.allowed(false),
                delay: Duration::from_nanos(delay),
                outcome: failure.outcome().name(),
                why: Why {
                    decided_by: Some(failure.decided_by(full.rules())),
                    class: failure.class(),
                    status: failure.status(),
                    is_single: false,
                },
            });
        });
    }
}
