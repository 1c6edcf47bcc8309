//! Runs one attempt as a future: admission, the body under its timer, the decision, the delay before the next. In: a body. Out: the
//! outcome of the call, or that another attempt follows. It carries out what the engine decides.
//!
//! A hand-written future that polls the user's body in place: each `async fn` on the way would store the
//! body a second time.

use std::fmt;
use std::future::Future;
use std::mem;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use pin_project_lite::pin_project;

use super::call::Call;
use super::injection::{Inject, Injection, Place, Slot};
use super::last_outcome::LastOutcome;
use super::result_rules::{ClassifyError, ResultRules};
use crate::call::engine::decision::{Next, Refusal};
use crate::call::engine::failure::{FailedAttempt, Failure};
use crate::call::engine::poll_guard::{PollGuard, PollStep};
use crate::classify::Facts;
use crate::rejection::{Rejection, RejectionKind};

pin_project! {
    /// One attempt of an annotated call.
    #[must_use = "futures do nothing unless polled"]
    pub struct Attempt<'call, F, C, P, R, J, K> {
        call: &'call mut Call<K>,
        rules: ResultRules<C, P, R, J>,
        #[pin]
        running: Running<F>,
    }
}

pin_project! {
    /// An attempt without its call and its rules, for futures that hold these themselves.
    #[project = RunningProjection]
    pub(super) struct Running<F> {
        // Gone once it has failed, for the delay before the next attempt.
        #[pin]
        body: Option<F>,
        injection: Injection,
    }
}

impl<'call, F, C, P, R, J, K> Attempt<'call, F, C, P, R, J, K> {
    #[inline]
    pub(super) fn new(call: &'call mut Call<K>, body: F, rules: ResultRules<C, P, R, J>) -> Self {
        let running = Running::new(body);
        Self { call, rules, running }
    }
}

impl<F, C, P, R, J, T, E, K> Future for Attempt<'_, F, C, P, R, J, K>
where
    F: Future<Output = Result<T, E>>,
    C: FnMut(&E) -> Facts,
    P: LastOutcome<T, E, Kept = K>,
    R: FnMut(Rejection) -> E,
    J: FnMut(&Slot<'_, T, E>),
{
    type Output = ControlFlow<Result<T, E>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let poll = &mut |body: Pin<&mut F>, cx: &mut TaskContext<'_>| body.poll(cx);
        this.running.poll(this.call, poll, this.rules, cx)
    }
}

impl<F> Running<F> {
    #[inline]
    pub(super) fn new(body: F) -> Self {
        Self { body: Some(body), injection: Injection::default() }
    }

    /// No attempt.
    #[inline]
    pub(super) fn none() -> Self {
        Self { body: None, injection: Injection::default() }
    }

    /// Drives the attempt: `Break` with the outcome of the call, `Continue` when another attempt is due. `poll_body` is
    /// asked only when the body may run, so that it can make it then.
    #[inline]
    pub(super) fn poll<T, E, K, C, P, R, J>(
        self: Pin<&mut Self>,
        call: &mut Call<K>,
        poll_body: &mut impl FnMut(Pin<&mut F>, &mut TaskContext<'_>) -> Poll<Result<T, E>>,
        rules: &mut ResultRules<C, P, R, J>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<ControlFlow<Result<T, E>>>
    where
        C: ClassifyError<E>,
        P: LastOutcome<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
        J: Inject<T, E>,
    {
        let mut whole = self;
        let mut this = whole.as_mut().project();
        let Some(mut body) = this.body.as_mut().as_pin_mut() else {
            ready!(call.full().poll_delay(cx));
            return Poll::Ready(ControlFlow::Continue(()));
        };
        let (mut guard, mut failed) = (PollGuard::new(), None);
        let mut step =
            if call.state.is_not_started() { guard.admit_fast(call.bound) } else { PollStep::NeedsFullCall };
        if step == PollStep::NeedsFullCall {
            step = guard.admit(&mut call.state, call.bound, cx);
        }
        if step == PollStep::Granted {
            let place = Place::of(call.bound, &call.state);
            let ResultRules { on_rejection, inject, .. } = rules;
            let poll = |cx: &mut TaskContext<'_>| poll_body(body.as_mut(), cx);
            match this.injection.poll(place, inject, on_rejection, poll, cx) {
                Poll::Ready(Ok(value)) if !rules.last_outcome.is_unwanted(&value) => {
                    guard.succeed(&mut call.state, call.bound);
                    mem::forget(guard);
                    return Poll::Ready(ControlFlow::Break(Ok(value)));
                }
                Poll::Ready(outcome) => {
                    failed = Some(outcome);
                    step = guard.fail(&mut call.state, call.bound);
                }
                Poll::Pending => step = guard.wait(&mut call.state, call.bound, cx),
            }
        }
        if step == PollStep::Pending {
            return Poll::Pending;
        }
        let refusal = guard.refusal();
        whole.conclude(step, refusal, failed, call, poll_body, rules, cx)
    }

    /// Goes on with whatever is neither done nor pending.
    #[inline(never)]
    #[expect(
        clippy::too_many_arguments,
        reason = "one step of `poll`; a bundle of the first three costs each failure 5 instructions more"
    )]
    fn conclude<T, E, K, C, P, R, J>(
        mut self: Pin<&mut Self>,
        step: PollStep,
        refusal: Refusal,
        failed: Option<Result<T, E>>,
        call: &mut Call<K>,
        poll_body: &mut impl FnMut(Pin<&mut F>, &mut TaskContext<'_>) -> Poll<Result<T, E>>,
        rules: &mut ResultRules<C, P, R, J>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<ControlFlow<Result<T, E>>>
    where
        C: ClassifyError<E>,
        P: LastOutcome<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
        J: Inject<T, E>,
    {
        let RunningProjection { mut body, injection } = self.as_mut().project();
        let next = match step {
            PollStep::Granted | PollStep::NeedsFullCall | PollStep::Pending => {
                unreachable!("`poll` has gone on from these")
            }
            PollStep::PassThrough => {
                let Some(body) = body.as_pin_mut() else { return Poll::Pending };
                let poll = |cx: &mut TaskContext<'_>| poll_body(body, cx);
                return call.poll_plainly(injection, rules, poll, cx).map(ControlFlow::Break);
            }
            PollStep::BreakerOpen => {
                // Nor does it run when it is polled again.
                body.set(None);
                let rejection = refusal.rejection(RejectionKind::CircuitOpen, call.service());
                return Poll::Ready(ControlFlow::Break(Err((rules.on_rejection)(rejection))));
            }
            PollStep::Refused => {
                return Poll::Ready(ControlFlow::Break(call.end(refusal, rules)));
            }
            PollStep::TimedOut => call.time_out(|| body.set(None)),
            PollStep::Failed => {
                let failed = call.classify_outcome(failed, rules);
                let next_at_once = if call.is_single { None } else { call.state.try_again(&failed) };
                match next_at_once {
                    // The body is gone while the call waits to be polled again.
                    Some(Ok(true)) if call.state.yields(cx) => {
                        call.state.run_foreign(|_| body.set(None));
                        return Poll::Pending;
                    }
                    Some(Ok(_)) => return Poll::Ready(ControlFlow::Continue(())),
                    Some(Err(ending)) => Next::End(ending),
                    None => call.full().go_on_after(&failed),
                }
            }
        };
        call.proceed(next, || body.set(None), rules, cx)
    }
}

impl<K> Call<K> {
    /// Classifies and keeps what a body gave that has failed. It is still a part of the body: if a rule of the user's
    /// panics here, the body has panicked.
    #[expect(
        clippy::inline_always,
        reason = "out of line, each failed attempt of a handle has 50 instructions more"
    )]
    #[inline(always)]
    fn classify_outcome<T, E, C, P, R, J>(
        &mut self,
        outcome: Option<Result<T, E>>,
        rules: &mut ResultRules<C, P, R, J>,
    ) -> FailedAttempt
    where
        C: ClassifyError<E>,
        P: LastOutcome<T, E, Kept = K>,
    {
        let facts = match &outcome {
            Some(Err(error)) => Some(rules.classify.classify(error)),
            _ => None,
        };
        if let Some(outcome) = outcome {
            self.last = rules.last_outcome.keep(outcome);
        }
        let inner_outcome = self.state.leave_body();
        let failure = Failure::of(facts, inner_outcome);
        FailedAttempt::alone(failure, inner_outcome, self.is_single)
    }
}

impl<F, C, P, R, J, K> fmt::Debug for Attempt<'_, F, C, P, R, J, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("call", &*self.call).finish_non_exhaustive()
    }
}
