//! Holds a permit together with its target, and settles it when dropped. In: a permit and its target. Out: both in one value that
//! settles when dropped: for the copies of an attempt, and while those who listen are told.

use crate::breaker::Transition;
use crate::call::engine::failure::Failure;
use crate::call::engine::ledger::AttemptTarget;
use crate::call::engine::permit::Permit;
use crate::events::{OpenSpan, leave_span};
use crate::monitor::AttemptOutcome;

/// A permit that a copy of an attempt holds by itself.
#[derive(Debug)]
#[must_use]
pub(in crate::call) struct OwnedPermit {
    pub(in crate::call) permit: Permit,
    attempt: AttemptTarget,
    /// The span of its attempt, where calls are traced.
    span: Option<OpenSpan>,
}

impl OwnedPermit {
    pub(in crate::call) fn new(permit: Permit, attempt: AttemptTarget) -> Self {
        Self { permit, attempt, span: None }
    }

    /// The same with the span of its attempt.
    pub(in crate::call) fn traced(self, span: Option<OpenSpan>) -> Self {
        let mut traced = self;
        traced.span = span;
        traced
    }

    /// Polls the body within the span.
    #[inline]
    pub(in crate::call) fn within_span<R>(&self, poll: impl FnOnce() -> R) -> R {
        let _within = self.span.as_ref().map(|span| {
            span.enter();
            WithinSpan
        });
        poll()
    }

    /// Its attempt has failed.
    #[cold]
    pub(in crate::call) fn fail_span(&self, failure: &Failure) {
        if let Some(span) = &self.span {
            span.fail(failure.error_type());
            span.note_outcome(failure.outcome().name());
        }
    }

    /// Its attempt has lost to another.
    pub(in crate::call) fn abandon_span(&self) {
        if let Some(span) = &self.span {
            span.note_outcome(AttemptOutcome::Abandoned.name());
        }
    }

    /// Makes the body. That is user code, and the attempt panics with it.
    pub(in crate::call) fn make<F>(&mut self, make: impl FnOnce() -> F) -> F {
        self.permit.set_in_body(true);
        let body = make();
        self.permit.set_in_body(false);
        body
    }

    /// Hands the permit on to another holder.
    pub(in crate::call) fn into_permit(mut self) -> Permit {
        std::mem::replace(&mut self.permit, Permit::settled())
    }
}

/// The span that this thread is within is left when this is dropped, also by a panic of the body.
struct WithinSpan;

impl Drop for WithinSpan {
    fn drop(&mut self) {
        leave_span();
    }
}

impl Drop for OwnedPermit {
    fn drop(&mut self) {
        self.permit.close(self.attempt);
    }
}

impl Permit {
    /// Tells those who listen what the breaker has done when it was asked. Should they panic, all that the permit has
    /// goes back.
    #[inline]
    pub(in crate::call) fn tell(self, attempt: AttemptTarget) -> Self {
        if self.transition.is_some() { self.tell_in_full(attempt) } else { self }
    }

    #[cold]
    fn tell_in_full(mut self, attempt: AttemptTarget) -> Self {
        let transition = self.transition.take();
        let held = OwnedPermit::new(self, attempt);
        attempt.target.announce(transition.map(Transition::from));
        held.into_permit()
    }
}
