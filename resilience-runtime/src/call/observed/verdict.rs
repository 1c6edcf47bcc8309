//! Decides what the rules of an observed service (`mode = Observe`) would have done with a call that has ended. In: how it ended.
//! Out: one word for it, once its vote, its deposit and its seat are where they belong.

use std::time::Duration;

use resilience_settings::layers::offers::Offers;

use super::shadow::{Entry, Held, Shadow, Stage, Would};
use crate::breaker::{CastVote, Origin, Vote};
use crate::call::engine::failure::{FailedAttempt, Failure};
use crate::call::engine::full::call::FullCall;
use crate::call::engine::ledger::LocalCounters;
use crate::call::engine::permit::settle::tell;
use crate::clock::{Tick, nanos};
use crate::monitor::{AttemptOutcome, ObservedDecision};

/// How the body of an observed call ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ended {
    /// With an `Ok` that is wanted.
    Well,
    /// With anything else that it returned; `is_single` says that it could not have run again.
    Failed { failure: Failure, is_single: bool },
    /// It was dropped.
    Dropped { is_single: bool },
    /// It panicked.
    Panicked,
}

/// The limits of a call, and how far it went beyond them.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Its attempt would have run into its timeout.
    has_timed_out: bool,
    /// Its deadline would have come.
    is_late: bool,
    /// It would have got a copy.
    has_copy: bool,
}

impl FullCall {
    /// What the rules would have done with a call that ends now.
    pub(super) fn verdict(&mut self, shadow: &Shadow, ended: Ended, now: Tick) -> Option<Would> {
        let held = match shadow.stage {
            Stage::New => return None,
            Stage::Waits(Entry::Rejected(decision)) | Stage::InBody(Entry::Rejected(decision)) => {
                return Some(decision.into());
            }
            Stage::Waits(Entry::Admitted(held)) | Stage::InBody(Entry::Admitted(held)) => held,
        };
        let limits = self.limits(shadow.deadline, now);
        self.settle_observed(held, limits, ended, now);
        if limits.is_late {
            return Some(ObservedDecision::DeadlineExceeded.into());
        }
        if let Some(retry) = self.would_retry(limits, ended, shadow.deadline, now) {
            return Some(retry);
        }
        let inner = [
            (limits.has_copy, ObservedDecision::Hedge),
            (held.would_wait, ObservedDecision::Queue),
            (limits.has_timed_out, ObservedDecision::AttemptTimeout),
        ];
        inner.into_iter().find(|(is_so, _)| *is_so).map(|(_, decision)| decision.into())
    }

    /// The timeout ends an attempt only where the deadline would not have come first.
    fn limits(&self, deadline: Tick, now: Tick) -> Limits {
        let timeout = self.attempt_timeout().map_or(Tick::MAX, |time| self.started.plus(time));
        let may_have_copies = self.bound.facts().offers.has_any(Offers::HEDGE);
        let after = self.hedge_after().filter(|_| may_have_copies);
        Limits {
            has_timed_out: now >= timeout && timeout < deadline,
            is_late: now >= deadline,
            has_copy: after.is_some_and(|after| now > self.started.plus(after)),
        }
    }

    /// Votes, tells throttle and bulkhead, deposits, and leaves the seat.
    fn settle_observed(&mut self, held: Held, limits: Limits, ended: Ended, now: Tick) {
        let attempt = self.attempt_target();
        let (rules, local) = (attempt.service_rules(), attempt.local_counters());
        let lasted = now.nanos_since(self.started);
        let (outcome, vote) = self.weigh(limits, ended, lasted);
        let origin = Origin { call: self.started, is_first: true };
        let cast = CastVote { vote, origin, at: now };
        let mut transition = None;
        if let Some(ticket) = held.ticket {
            transition = attempt.target.settle(rules, ticket, cast, local.writer());
        } else if self.rules().circuit_breaker_enabled {
            attempt.target.state().breaker.record(vote, now, &local.shard.votes, local.by);
        }
        if rules.reads_outcomes {
            tell(attempt.target.state(), rules, outcome, self.started, now);
        }
        if held.has_seat {
            attempt.target.state().observed_seats.leave();
        }
        local.deposit(rules, 1, outcome == AttemptOutcome::Success);
        if matches!(ended, Ended::Well | Ended::Failed { .. }) {
            // As long as it really took: the timeout has not cut it off.
            self.remember(AttemptOutcome::Success, lasted, now);
        }
        // The rules act again by now, and so has the breaker.
        if !rules.is_observed() {
            crate::wakers::shielded(|| attempt.target.announce(transition));
        }
    }

    /// How the attempt would have ended, and what that says of the service.
    fn weigh(&self, limits: Limits, ended: Ended, lasted: u64) -> (AttemptOutcome, Vote) {
        let slow = lasted >= self.attempt_target().service_rules().slow_nanos;
        if limits.has_timed_out {
            return (AttemptOutcome::TimedOut, Failure::TIMED_OUT.vote(true));
        }
        match ended {
            Ended::Panicked => (AttemptOutcome::Panicked, Vote::of(true, false)),
            Ended::Well if !limits.is_late => (AttemptOutcome::Success, Vote::of(false, slow)),
            Ended::Failed { failure, .. } if !limits.is_late => (failure.outcome(), failure.vote(slow)),
            // It would have been cut off, as one is that is dropped: its age says whether it hung.
            _ => {
                let hung_after = nanos(self.attempt_target().hung_after());
                let hung = hung_after > 0 && lasted >= hung_after;
                (AttemptOutcome::Abandoned, if hung { Vote::of(true, true) } else { Vote::None })
            }
        }
    }

    /// The first retry, if there would have been one: it is paid for.
    fn would_retry(&mut self, limits: Limits, ended: Ended, deadline: Tick, now: Tick) -> Option<Would> {
        let (failure, is_single) = match ended {
            Ended::Failed { is_single, .. } | Ended::Dropped { is_single } if limits.has_timed_out => {
                (Failure::TIMED_OUT, is_single)
            }
            Ended::Well if limits.has_timed_out => (Failure::TIMED_OUT, self.bound.is_single()),
            Ended::Failed { failure, is_single } => (failure, is_single),
            _ => return None,
        };
        let failed = FailedAttempt::alone(failure, self.context.inner_outcome, is_single);
        let attempt = self.attempt_target();
        attempt.may_retry(&failed, 1, is_single).ok()?;
        let delay = self.delay(failure.retry_after(), now).ok()?;
        let wake = Tick(now.0.saturating_add(delay));
        if wake >= deadline {
            return None;
        }
        attempt.pay_for_retry(attempt.service_rules(), &failed, wake, now).ok()?;
        Some(Would {
            decision: ObservedDecision::Retry,
            reason: Some(failure.outcome().name()),
            delay: Some(Duration::from_nanos(delay)),
        })
    }

    /// Counts what the rules would have done.
    pub(super) fn count_observed(would: Option<Would>, local: LocalCounters) {
        if let Some(would) = would {
            local.of_service().observed(would.decision, local.by);
        }
    }
}
