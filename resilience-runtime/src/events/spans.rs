//! Makes the spans of calls and attempts, and decides what they say. In: what a call and its attempts do. Out: spans of `tracing`,
//! for whoever follows one request through many services.
//!
//! A subscriber is foreign code, at each step of a span: a panic of it ends here, since a call must neither end by it nor
//! leave a span entered.

use std::cell::RefCell;

use resilience_settings::printable::shown;
use tracing::field::{Empty, Value};
use tracing::{Span, info_span};

use super::why::apart;
use crate::wakers::shielded;

/// The span of a call or of one of its attempts; it closes when dropped.
#[derive(Debug)]
pub(crate) struct OpenSpan(Span);

/// An attempt that begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BegunAttempt {
    /// How many attempts of its call began before it, copies included.
    pub(crate) resent: u32,
    /// Why it is made.
    pub(crate) attempt_type: &'static str,
    /// Where the breaker stands.
    pub(crate) breaker: &'static str,
}

/// What an error is, in one word: never its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorType {
    /// An HTTP status.
    Status(u16),
    Name(&'static str),
}

thread_local! {
    /// The spans that this thread is within, the innermost last.
    static ENTERED: RefCell<Vec<Span>> = const { RefCell::new(Vec::new()) };
}

/// Runs code of a subscriber, which may make calls of its own.
fn foreign(run: impl FnOnce()) {
    shielded(|| apart(run));
}

impl OpenSpan {
    /// That of a call that begins, within the span that is current.
    pub(crate) fn of_call(service: &str, function: &'static str) -> Self {
        let mut span = Span::none();
        foreign(|| {
            span = info_span!(
                target: "resilience::call",
                "resilience.call",
                "resilience.dependency" = &*shown(service),
                "resilience.function" = function,
                "resilience.attempts" = Empty,
                "resilience.breaker.state" = Empty,
                "resilience.outcome" = Empty,
                "error.type" = Empty,
                "otel.status_code" = Empty,
            );
        });
        Self(span)
    }

    /// That of an attempt of this call, wherever it begins.
    pub(crate) fn of_attempt(&self, BegunAttempt { resent, attempt_type, breaker }: BegunAttempt) -> Self {
        let mut span = Span::none();
        foreign(|| {
            span = info_span!(
                target: "resilience::attempt",
                parent: &self.0,
                "resilience.attempt",
                "resilience.attempt.type" = attempt_type,
                "resilience.breaker.state" = breaker,
                // The ordinal of a resend; the first attempt has none.
                "http.request.resend_count" = (resent > 0).then_some(resent),
                "resilience.outcome" = Empty,
                "error.type" = Empty,
                "otel.status_code" = Empty,
            );
        });
        Self(span)
    }

    /// Notes the error that it ends with.
    pub(crate) fn fail(&self, error: ErrorType) {
        self.note("otel.status_code", "ERROR");
        match error {
            ErrorType::Status(status) => self.note("error.type", tracing::field::display(status)),
            ErrorType::Name(name) => self.note("error.type", name),
        }
    }

    /// Notes how it ends.
    pub(crate) fn note_outcome(&self, outcome: &'static str) {
        self.note("resilience.outcome", outcome);
    }

    /// Notes where the breaker stands.
    pub(crate) fn note_breaker(&self, state: &'static str) {
        self.note("resilience.breaker.state", state);
    }

    /// Notes how many attempts there were.
    pub(crate) fn note_attempts(&self, attempts: u32) {
        self.note("resilience.attempts", attempts);
    }

    fn note(&self, field: &'static str, value: impl Value) {
        foreign(|| {
            self.0.record(field, value);
        });
    }

    /// Enters it on this thread, until [`leave_span`] is called as often.
    pub(crate) fn enter(&self) {
        let mut span = Span::none();
        foreign(|| {
            span = self.0.clone();
            span.with_subscriber(|(id, subscriber)| subscriber.enter(id));
        });
        // Also where the subscriber has panicked: whoever leaves takes the last.
        let _ = ENTERED.try_with(|entered| entered.borrow_mut().push(span));
    }
}

impl Drop for OpenSpan {
    fn drop(&mut self) {
        let span = std::mem::replace(&mut self.0, Span::none());
        foreign(|| drop(span));
    }
}

/// Leaves the span that this thread has entered last.
pub(crate) fn leave_span() {
    let span = ENTERED.try_with(|entered| entered.borrow_mut().pop()).ok().flatten();
    if let Some(span) = span {
        foreign(|| {
            span.with_subscriber(|(id, subscriber)| subscriber.exit(id));
        });
        foreign(|| drop(span));
    }
}
