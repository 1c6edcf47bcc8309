//! Makes the event of a call that has ended, and says its attempts and the class of its error. In: its settings, how it failed, how
//! it ended. Out: how many attempts it may make, the class of its error, and the event of its end. How it reads in the log,
//! `events/log` decides.

use crate::call::engine::failure::Failure;
use crate::ending::Ending;
use crate::events::{Allowed, CallStep, OfCall, Why, last_class};
use crate::monitor::{AttemptNumber, AttemptOutcome, CallOutcome, PatternKey};
use crate::policy::CallRules;
use crate::registry::BoundSite;
use crate::rejection::RejectionKind;

impl Allowed {
    /// The attempts that a call may make by its settings. Only `max_attempts` can be unlimited; the deadline then ends the
    /// call.
    pub(in crate::call) fn by(rules: &CallRules, is_single: bool) -> Self {
        match rules.max_attempts {
            _ if is_single || !rules.retry_enabled => Self::AtMost(1),
            u32::MAX => Self::Unlimited,
            attempts => Self::AtMost(attempts),
        }
    }
}

impl Failure {
    /// The class of its error, which has just been classified.
    #[inline]
    pub(in crate::call) fn class(&self) -> Option<&'static str> {
        self.facts_of_error().and_then(|_| last_class().known())
    }

    /// What it has in common with others. Its error has just been classified.
    #[inline]
    pub(in crate::call) fn pattern(&self) -> PatternKey {
        let what = if self.facts_of_error().is_some() { last_class().name() } else { self.outcome().name() };
        PatternKey { what, status: self.status() }
    }
}

/// Tells listeners that a call has ended without a success. Out of line: an event takes much room on the stack.
#[cold]
#[inline(never)]
pub(in crate::call) fn tell_of_end(
    bound: &BoundSite,
    allowed: Allowed,
    attempts: u32,
    ending: Ending,
    rejection: Option<RejectionKind>,
    why: Why,
) {
    let (reason, rejection) = (ending.name(), rejection.map(RejectionKind::name));
    bound.tell(OfCall::Failed { attempts, allowed, reason, rejection, why });
}

/// The step of a record that an attempt has ended. Its error, if it has one, has just been classified.
pub(in crate::call) fn attempt_ended(number: AttemptNumber, outcome: AttemptOutcome) -> CallStep {
    let class = match outcome {
        AttemptOutcome::Retryable
        | AttemptOutcome::Throttled
        | AttemptOutcome::Never
        | AttemptOutcome::Local => last_class().known(),
        _ => None,
    };
    let why = number.attempt_type().name();
    CallStep::AttemptEnded { number: number.number(), why, outcome: outcome.name(), class }
}

/// The same of a call.
pub(in crate::call) fn call_ended(outcome: CallOutcome) -> CallStep {
    let rejection = match outcome {
        CallOutcome::Rejected(kind) => Some(kind.name()),
        _ => None,
    };
    CallStep::CallEnded { outcome: outcome.name(), rejection }
}
