//! Opens and closes the spans of a full call; what a span says is in `events/spans`. Only of calls that are traced; whoever calls
//! these has asked that, so that others pay for the question alone.

use std::task::Context as TaskContext;

use super::call::FullCall;
use crate::call::engine::decision::Admission;
use crate::call::engine::failure::Failure;
use crate::call::engine::full::progress::Progress;
use crate::call::engine::permit::owned::OwnedPermit;
use crate::ending::Ending;
use crate::events::{BegunAttempt, CallSpans, ErrorType, OpenSpan, SpanSlot};
use crate::rejection::RejectionKind;

impl Failure {
    /// What spans say of it: its status, else its outcome.
    #[cold]
    pub(in crate::call) fn error_type(&self) -> ErrorType {
        self.status().map_or(ErrorType::Name(self.outcome().name()), ErrorType::Status)
    }
}

impl FullCall {
    /// Goes through admission within the span of the call, and opens that of the attempt that is admitted.
    #[cold]
    #[inline(never)]
    pub(in crate::call) fn poll_traced_admission(&mut self, cx: &mut TaskContext<'_>) -> Admission {
        // A part of an outer call has the spans of that.
        if self.spans == SpanSlot::default() && self.progress != Progress::PassThrough {
            let call = OpenSpan::of_call(self.service().name(), self.bound.facts().function);
            let spans = CallSpans { call, attempt: None, begun: 0, last_error: None };
            self.spans = self.service().shared().spans.add(spans);
        }
        let admission = self.poll_admission(cx);
        if matches!(admission, Admission::Granted) {
            let attempt_type = if self.attempts > 1 { "retry" } else { "original" };
            let span = self.begin_attempt_span(attempt_type);
            self.with_spans(|spans| spans.attempt = span);
        }
        admission
    }

    /// Enters the span of the attempt, until [`leave_span`](crate::events::leave_span).
    #[cold]
    #[inline(never)]
    pub(in crate::call) fn enter_attempt_span(&mut self) {
        self.with_spans(|spans| spans.attempt.as_ref().unwrap_or(&spans.call).enter());
    }

    /// The span of the attempt goes with the copies that are made of it.
    pub(in crate::call) fn take_attempt_span(&mut self) -> Option<OpenSpan> {
        let mut span = None;
        if self.policy.is_traced {
            self.with_spans(|spans| span = spans.attempt.take());
        }
        span
    }

    /// The span of a further copy of an attempt.
    pub(in crate::call) fn copy_span(&mut self) -> Option<OpenSpan> {
        if self.policy.is_traced { self.begin_attempt_span("hedge") } else { None }
    }

    /// The attempt has failed.
    #[cold]
    #[inline(never)]
    pub(in crate::call) fn fail_attempt_span(&mut self, error: ErrorType, outcome: &'static str) {
        self.with_spans(|spans| {
            spans.last_error = Some(error);
            if let Some(span) = spans.attempt.take() {
                span.fail(error);
                span.note_outcome(outcome);
            }
        });
    }

    /// A copy of the attempt has failed.
    pub(in crate::call) fn fail_copy_span(&mut self, copy: &OwnedPermit, failure: &Failure) {
        if self.policy.is_traced {
            copy.fail_span(failure);
            self.with_spans(|spans| spans.last_error = Some(failure.error_type()));
        }
    }

    /// The call has ended without a success.
    #[cold]
    #[inline(never)]
    pub(in crate::call) fn fail_call_span(&mut self, ending: Ending, rejection: Option<RejectionKind>) {
        let breaker = self.target().state().breaker.state().name();
        self.with_spans(|spans| {
            let rejection = rejection.map(|kind| ErrorType::Name(kind.name()));
            let error = rejection.or(spans.last_error).unwrap_or(ErrorType::Name(ending.name()));
            spans.call.fail(error);
            spans.call.note_outcome(ending.name());
            spans.call.note_breaker(breaker);
        });
    }

    /// The call was dropped, or its body has panicked.
    #[cold]
    #[inline(never)]
    pub(in crate::call) fn cut_spans(&mut self, has_panicked: bool) {
        let outcome = if has_panicked { "panicked" } else { "cancelled" };
        self.with_spans(|spans| {
            for span in spans.attempt.iter().chain([&spans.call]) {
                span.note_outcome(outcome);
                if has_panicked {
                    span.fail(ErrorType::Name(outcome));
                }
            }
        });
    }

    /// The call is gone, and with it its spans.
    #[cold]
    #[inline(never)]
    pub(in crate::call) fn close_spans(&mut self) {
        let slot = std::mem::take(&mut self.spans);
        if let Some(spans) = self.service().shared().spans.take(slot) {
            spans.call.note_attempts(spans.begun);
            // The attempt first: it lies within the call.
            drop(spans.attempt);
            drop(spans.call);
        }
    }

    fn begin_attempt_span(&mut self, attempt_type: &'static str) -> Option<OpenSpan> {
        let breaker = self.target().state().breaker.state().name();
        let mut span = None;
        self.with_spans(|spans| {
            span = Some(spans.call.of_attempt(BegunAttempt { resent: spans.begun, attempt_type, breaker }));
            spans.begun += 1;
        });
        span
    }

    fn with_spans(&self, run: impl FnOnce(&mut CallSpans)) {
        self.service().shared().spans.with(self.spans, run);
    }
}
