//! Decides how a failed attempt votes in the breaker, and what the rules of the site say of it. In: its classification. Out: its
//! vote, and which rule speaks for or against a retry; whether there is one, `retry_rules` decides. Without the state of the call.

use std::time::Duration;

use resilience_settings::policy::{CallPolicy, NestedRetries, StatusCodes};

use crate::breaker::Vote;
use crate::call::context::InnerOutcome;
use crate::classify::{Action, CameOut, Facts, Recovery};
use crate::ending::Ending;
use crate::monitor::{AttemptOutcome, CallerOutcome};

/// A failed attempt, as the rules see it: the body returned an `Err`, or an `Ok` that `retry_if_ok` does not accept, or the
/// attempt ran into its timeout.
///
/// Each has facts, so that the rules ask them without looking first for an error: each failed attempt asks a dozen times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    /// The label of the attempt's counter.
    outcome: AttemptOutcome,
    /// What is known of the error. Where there is none, those of an attempt that nothing forbids to repeat.
    facts: Facts,
}

/// A failed attempt, with all that decides on the next one.
#[derive(Clone, Copy, Debug)]
pub(in crate::call) struct FailedAttempt {
    pub(in crate::call) failure: Failure,
    /// The outcome of the calls inside the body.
    pub(in crate::call) inner_outcome: InnerOutcome,
    /// How long the next attempt has to wait at least, whatever this failure says.
    pub(in crate::call) min_delay: Option<Duration>,
    /// A copy of the attempt was asked to slow down, whatever this failure says.
    pub(in crate::call) was_throttled: bool,
    /// The body cannot run again.
    pub(in crate::call) is_single: bool,
}

impl FailedAttempt {
    /// One attempt by itself.
    #[inline]
    pub(in crate::call) const fn alone(
        failure: Failure,
        inner_outcome: InnerOutcome,
        is_single: bool,
    ) -> Self {
        Self { failure, inner_outcome, min_delay: None, was_throttled: false, is_single }
    }

    /// Whether the server asked to slow down.
    #[inline]
    pub(in crate::call) fn is_throttled(&self) -> bool {
        self.was_throttled || self.failure.is_throttled()
    }
}

impl Failure {
    /// The body returned an `Ok` that `retry_if_ok` does not accept.
    pub(in crate::call) const UNWANTED_OK: Self = Self::without_error(AttemptOutcome::UnwantedOk);
    /// The attempt ran into its timeout.
    pub(in crate::call) const TIMED_OUT: Self = Self::without_error(AttemptOutcome::TimedOut);

    const fn without_error(outcome: AttemptOutcome) -> Self {
        Self { outcome, facts: Facts::new(Recovery::retry(), None) }
    }

    /// The body returned an `Err` with these facts.
    #[inline]
    pub(crate) fn error(facts: Facts) -> Self {
        let outcome = match facts.recovery.action {
            Action::Retry => AttemptOutcome::Retryable,
            Action::Throttled => AttemptOutcome::Throttled,
            Action::Never => AttemptOutcome::Never,
            Action::Local => AttemptOutcome::Local,
        };
        Self { outcome, facts }
    }

    /// The failure of a body: with the facts of its error, or none for an unwanted `Ok`, and with the outcome of its
    /// inner calls.
    #[inline]
    pub(in crate::call) fn of(facts: Option<Facts>, inner_outcome: InnerOutcome) -> Self {
        match facts {
            Some(facts) if inner_outcome.heard() => {
                Self::error(facts.of(inner_outcome.came_out(facts.is_known())))
            }
            Some(facts) => Self::error(facts),
            None => Self::UNWANTED_OK,
        }
    }

    /// The label of the attempt's counter.
    #[inline]
    pub(crate) fn outcome(&self) -> AttemptOutcome {
        self.outcome
    }

    /// The facts of its error, if it has one.
    #[inline]
    pub(in crate::call) fn facts_of_error(&self) -> Option<&Facts> {
        let is_error = !matches!(self.outcome, AttemptOutcome::UnwantedOk | AttemptOutcome::TimedOut);
        is_error.then_some(&self.facts)
    }

    #[inline]
    pub(in crate::call) fn has_timed_out(&self) -> bool {
        self.outcome == AttemptOutcome::TimedOut
    }

    /// Whether copies of the attempt that run beside it may still answer: not after a failure that ends the call,
    /// a hint above the most that is waited for included. What a server asks of one copy, it asks of all.
    pub(in crate::call) fn leaves_others(&self, policy: &CallPolicy, inner_outcome: InnerOutcome) -> bool {
        self.is_retryable(policy, inner_outcome).is_ok()
            && self.facts.recovery.after.is_none_or(|hint| hint <= policy.max_retry_after)
    }

    /// Whose error the attempt has ended with.
    #[inline]
    pub(crate) fn came_out(&self) -> CameOut {
        self.facts.came_out()
    }

    /// The client whose error it is, where this build does not know its errors; 0 is none.
    #[inline]
    pub(in crate::call) fn client(&self) -> u8 {
        self.facts.client()
    }

    /// Whether that is the rejection of an inner call.
    #[inline]
    pub(crate) fn is_rejection(&self) -> bool {
        self.facts.is_rejection()
    }

    /// Whether the error does not speak against the dependency: it has answered, or nothing was sent. The rejection of an
    /// inner call is no answer.
    #[inline]
    pub(in crate::call) fn is_declined(&self) -> bool {
        matches!(self.outcome, AttemptOutcome::Never | AttemptOutcome::Local) && !self.is_rejection()
    }

    /// What the caller sees of a call that ends with it.
    #[inline]
    pub(in crate::call) fn seen(&self) -> CallerOutcome {
        if self.is_declined() { CallerOutcome::Declined } else { CallerOutcome::Failure }
    }

    /// Whether the server asked to slow down.
    #[inline]
    pub(crate) fn is_throttled(&self) -> bool {
        self.outcome == AttemptOutcome::Throttled
    }

    /// How long the server asked to wait.
    #[inline]
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.facts.recovery.after
    }

    /// Whether to retry, as far as the failure itself and the rules of the call site decide.
    ///
    /// The first that speaks: `never_retry_on`, `retryable_status_codes` when the error has a status,
    /// `retry_on` and `retry_if`, classification.
    #[inline]
    pub(crate) fn is_retryable(
        &self,
        policy: &CallPolicy,
        inner_outcome: InnerOutcome,
    ) -> Result<(), Ending> {
        if policy.nested_retries == NestedRetries::Suppress && inner_outcome.exhausted() {
            return Err(Ending::NestedExhausted);
        }
        if !self.facts.ruling(policy.retryable_status_codes.as_ref()).0 {
            return Err(Ending::NotRetryable);
        }
        if matches!(policy.idempotent, Some(false)) && !self.facts.recovery.not_sent {
            return Err(Ending::NotIdempotent);
        }
        Ok(())
    }

    /// The same where the settings have no rule that could decide otherwise: see
    /// [`CallRules::retries_plainly`](crate::policy::CallRules).
    #[inline]
    pub(in crate::call) fn is_retryable_plainly(&self) -> Result<(), Ending> {
        if self.facts.ruling(None).0 { Ok(()) } else { Err(Ending::NotRetryable) }
    }

    /// The rule that says whether this may be retried, by the word of its setting, for those who read the log.
    #[cold]
    pub(in crate::call) fn decided_by(&self, policy: &CallPolicy) -> &'static str {
        match self.outcome {
            AttemptOutcome::UnwantedOk => "retry_if_ok",
            AttemptOutcome::TimedOut => "attempt_timeout",
            _ => self.facts.ruling(policy.retryable_status_codes.as_ref()).1,
        }
    }

    /// The HTTP status that the error carries.
    #[inline]
    pub(in crate::call) fn status(&self) -> Option<u16> {
        self.facts.status
    }

    /// The vote in the breaker. Only the classification counts, or `record_if`: `retry_on` and its
    /// siblings are about permission, not evidence.
    #[expect(clippy::inline_always, reason = "most of what it asks is known where it is called")]
    #[inline(always)]
    pub(crate) fn vote(&self, slow: bool) -> Vote {
        // Most, and not one of several: to tell these apart costs more than the comparison.
        if self.outcome == AttemptOutcome::Retryable && self.facts.failure.is_none() {
            return Vote::of(true, slow);
        }
        match (self.facts.failure, self.outcome) {
            (Some(failed), _) => Vote::of(failed, slow),
            (None, AttemptOutcome::Retryable | AttemptOutcome::UnwantedOk) => Vote::of(true, slow),
            (None, AttemptOutcome::TimedOut) => Vote::of(true, true),
            (None, AttemptOutcome::Never) => Vote::of(false, slow),
            (None, _) => Vote::None,
        }
    }
}

impl Facts {
    /// Whether the rules of the site are for a retry, and the first of them that speaks, by the word of its setting. If
    /// both are written, `retry_if` is named `retry_on`: they are one whitelist.
    #[inline]
    fn ruling(&self, status_codes: Option<&StatusCodes>) -> (bool, &'static str) {
        if self.is_never() {
            return (false, self.name_of_never());
        }
        if let (Some(codes), Some(status)) = (status_codes, self.status) {
            return (codes.contains(status), "retryable_status_codes");
        }
        match self.listed {
            Some(listed) => (listed, self.name_of_list()),
            None => {
                (matches!(self.recovery.action, Action::Retry | Action::Throttled), self.name_of_verdict())
            }
        }
    }
}

#[cfg(test)]
mod tests;
