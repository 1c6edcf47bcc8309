//! Counts and tells how an observed call ended, and what `verdict` says of it. In: its result, or its drop. Out: counters and
//! events.

use super::shadow::{Shadow, Stage, Would};
use super::verdict::Ended;
use crate::call::context::{Given, report_to_outer};
use crate::call::engine::events::{attempt_ended, call_ended};
use crate::call::engine::failure::{FailedAttempt, Failure};
use crate::call::engine::full::call::FullCall;
use crate::call::engine::full::finish::TrackedRejection;
use crate::call::engine::full::progress::{LastAttempt, Progress};
use crate::call::engine::holding::Holding;
use crate::call::engine::ledger::LocalCounters;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::events::OfCall;
use crate::monitor::{AttemptNumber, AttemptOutcome, CallOutcome, CallerOutcome};
use crate::wakers::shielded;

impl FullCall {
    /// The body has returned; `failure` says what the site thinks of that, unless it is wanted.
    pub(super) fn end_observed(&mut self, failure: Option<Failure>, is_single: bool) {
        let Some(shadow) = self.take_shadow() else { return };
        let now = self.service().now();
        let ended = failure.map_or(Ended::Well, |failure| Ended::Failed { failure, is_single });
        let would = self.verdict(&shadow, ended, now);
        let local = self.attempt_target().local_counters();
        Self::count_observed(would, local);
        // A call inside that has used up its retries is one for whoever is around this call, too.
        report_to_outer(self.context.inner_outcome.exhausted(), Given::Nothing);
        match failure {
            None => self.count_success_of_body(now, local),
            Some(failure) => self.count_failure_of_body(&failure, is_single, now, local),
        }
        self.tell_what_would(would);
    }

    fn count_success_of_body(&mut self, now: Tick, local: LocalCounters) {
        let nanos = now.nanos_since(self.started);
        self.last_attempt = LastAttempt::Succeeded;
        self.progress = Progress::Ended;
        local.site.attempt_succeeded(AttemptNumber::FIRST, local.by);
        self.service().step(|| attempt_ended(AttemptNumber::FIRST, AttemptOutcome::Success));
        self.service().step(|| call_ended(CallOutcome::Success));
        local.site.call_succeeded(nanos, nanos, local.by);
    }

    fn count_failure_of_body(&mut self, failure: &Failure, is_single: bool, now: Tick, local: LocalCounters) {
        let (attempt, outcome) = (self.attempt_target(), failure.outcome());
        self.last_attempt = LastAttempt::Failed;
        local.of_service().attempt_failed(AttemptNumber::FIRST, outcome, local.by);
        self.service().step(|| attempt_ended(AttemptNumber::FIRST, outcome));
        attempt.count_pattern(failure, now, true);
        self.note_what_is_kept(failure);
        let failed = FailedAttempt::alone(*failure, self.context.inner_outcome, is_single);
        self.note_why(&failed, Ending::Observed);
        self.end(Ending::Observed, true, TrackedRejection::default());
    }

    /// The call is dropped before its body has returned, or as that has panicked.
    #[cold]
    pub(in crate::call) fn drop_observed(&mut self) {
        let shadow = self.take_shadow();
        let now = self.service().now();
        let local = self.attempt_target().local_counters();
        // Without a shadow its result was being told of, and whoever listens has panicked.
        let panicked = shadow.as_ref().is_none_or(|shadow| matches!(shadow.stage, Stage::InBody(_)));
        let has_run = !shadow.as_ref().is_some_and(|shadow| matches!(shadow.stage, Stage::New));
        let ended =
            if panicked { Ended::Panicked } else { Ended::Dropped { is_single: self.bound.is_single() } };
        let would = shadow.and_then(|shadow| self.verdict(&shadow, ended, now));
        Self::count_observed(would, local);
        let (outcome, seen, of_attempt) = if panicked {
            (CallOutcome::Panicked, CallerOutcome::Panicked, AttemptOutcome::Panicked)
        } else {
            (CallOutcome::Cancelled, CallerOutcome::Cancelled, AttemptOutcome::Abandoned)
        };
        if has_run && self.last_attempt == LastAttempt::None {
            local.of_service().attempt_failed(AttemptNumber::FIRST, of_attempt, local.by);
            self.service().step(|| attempt_ended(AttemptNumber::FIRST, of_attempt));
        }
        local.site.seen(seen, local.by);
        self.close(outcome, now, local);
        // It may be dropped by unwinding.
        shielded(|| self.tell_what_would(would));
    }

    fn take_shadow(&mut self) -> Option<Box<Shadow>> {
        if !matches!(self.holding, Holding::Observed(_)) {
            return None;
        }
        match std::mem::replace(&mut self.holding, Holding::Nothing) {
            Holding::Observed(shadow) => Some(shadow),
            _ => None,
        }
    }

    /// Tells those who listen what the rules would have done. Last, as they are foreign code.
    fn tell_what_would(&self, would: Option<Would>) {
        if let Some(Would { decision, reason, delay }) = would
            && self.bound.is_told()
        {
            self.bound.tell(OfCall::Would { decision: decision.name(), reason, delay });
        }
    }
}
