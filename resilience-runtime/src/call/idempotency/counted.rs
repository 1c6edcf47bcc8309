//! Ends a call before any attempt where its idempotency clause says so: counted, and given to the attempt around it, like one that
//! the engine ends.

use std::time::Duration;

use crate::call::call::Call;
use crate::call::context::{Given, report_to_outer};
use crate::call::engine::decision::Refusal;
use crate::call::engine::full::call::FullCall;
use crate::call::engine::full::finish::TrackedRejection;
use crate::call::engine::full::progress::Arrival;
use crate::clock::{Tick, nanos};
use crate::degrade;
use crate::ending::Ending;
use crate::events::CallStep;
use crate::monitor::{CallOutcome, IdempotencyResult, WaitedFor};
use crate::rejection::Rejection;
use crate::source::Answered;

/// A refusal with the time after which trying again makes sense.
pub(super) fn refused(ending: Ending, retry_after: Option<Duration>) -> Refusal {
    Refusal { ending, retry_after: retry_after.map_or(u64::MAX, nanos) }
}

impl FullCall {
    /// Counts the result of its clause.
    pub(super) fn count(&self, result: IdempotencyResult) {
        let local = self.attempt_target().local_counters();
        local.of_service().idempotency(result, local.by);
        self.service().step(|| CallStep::Key { result: result.name() });
    }

    /// It has waited for another call since then.
    pub(super) fn has_waited_since(&mut self, since: Tick) {
        self.arrival = Arrival::AfterWait;
        if self.is_pass_through() {
            return;
        }
        let waited = self.service().now().nanos_since(since);
        let local = self.attempt_target().local_counters();
        local.of_service().waited(WaitedFor::Idempotency, waited, local.by);
    }

    /// Its deadline has come before it could claim its key. No body may run any more, though the call may have started in
    /// time, and the clock may be read only once.
    pub(super) fn is_late(&mut self) {
        self.arrival = Arrival::AfterWait;
        self.context.deadline = self.context.deadline.min(self.service().now());
    }

    /// The result of an earlier call is its own.
    pub(super) fn is_replayed(&mut self) {
        self.count(IdempotencyResult::Replayed);
        report_to_outer(false, Given::Nothing);
        if self.is_pass_through() {
            return;
        }
        let attempt = self.attempt_target();
        let local = attempt.local_counters();
        local.site.replayed(local.by);
        self.close(CallOutcome::Success, attempt.now(), local);
        degrade::record(Answered::Call);
    }
}

impl<K> Call<K> {
    /// Ends the call with a rejection that no fallback may answer: a stand-in must not pass for the outcome of a write.
    pub(super) fn refuse<E>(&mut self, refusal: Refusal, carry: &mut impl FnMut(Rejection) -> E) -> E {
        let full = self.full();
        let mut followed = TrackedRejection::default();
        // Before the call is counted as ended: if the user's conversion panics, the call has.
        let error = full.run_foreign(|full| {
            let rejection = full.rejection(refusal);
            followed = TrackedRejection::new(&rejection);
            carry(rejection)
        });
        if full.is_pass_through() {
            report_to_outer(false, followed.given());
            return error;
        }
        full.end(refusal.ending, false, followed);
        self.count_unanswered();
        error
    }
}
