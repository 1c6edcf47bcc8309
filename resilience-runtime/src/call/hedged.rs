//! Runs an attempt with copies beside it; when one starts, `engine/full/timing` decides. In: a body that may run twice. Out: the
//! first good answer, whichever of them gives it.
//!
//! Each copy is a full attempt with a permit of its own, paid from the retry budget. The copies that lose are abandoned.
//! When a copy fails with a retryable error or runs into its timeout, the others go on; the failure of the last one is that
//! of the attempt. What forbids or delays the next attempt, or makes it cost more, counts whichever copy it came from.

use std::fmt;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::call::Call;
use super::context::InnerOutcome;
use super::hedge_copies::{Copies, CopyEvent};
use super::hedge_plan::HedgePlan;
use super::injection::{Injection, Slot};
use super::last_outcome::LastOutcome;
use super::result_rules::ResultRules;
use crate::call::engine::decision::Next;
use crate::call::engine::failure::{FailedAttempt, Failure};
use crate::call::engine::holding::Holding;
use crate::call::engine::permit::owned::OwnedPermit;
use crate::call::engine::poll_guard::{PollGuard, PollStep};
use crate::classify::Facts;
use crate::rejection::Rejection;
use crate::timer::Delay;

pin_project! {
    /// One attempt of an annotated call with `hedge`.
    #[must_use = "futures do nothing unless polled"]
    pub struct Hedged<'call, M, F, C, P, R, J, K> {
        call: &'call mut Call<K>,
        make: M,
        rules: ResultRules<C, P, R, J>,
        copies: Copies<F>,
        // The only copy of a call that passes through, or is only observed.
        plain: Option<Pin<Box<F>>>,
        // Of that copy.
        injection: Injection,
        is_started: bool,
        plan: HedgePlan,
        // A server has asked one of the copies to slow down.
        was_throttled: bool,
        #[pin]
        timer: Delay,
    }
}

impl<'call, M, F, C, P, R, J, K> Hedged<'call, M, F, C, P, R, J, K> {
    pub(super) fn new(call: &'call mut Call<K>, make: M, rules: ResultRules<C, P, R, J>) -> Self {
        Self {
            call,
            make,
            rules,
            copies: Copies::none(),
            plain: None,
            injection: Injection::default(),
            is_started: false,
            plan: HedgePlan::Nothing,
            was_throttled: false,
            timer: Delay::none(),
        }
    }
}

impl<M, F, C, P, R, J, T, E, K> Future for Hedged<'_, M, F, C, P, R, J, K>
where
    M: FnMut() -> F,
    F: Future<Output = Result<T, E>>,
    C: FnMut(&E) -> Facts,
    P: LastOutcome<T, E, Kept = K>,
    R: FnMut(Rejection) -> E,
    J: FnMut(&Slot<'_, T, E>),
{
    type Output = ControlFlow<Result<T, E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = self.as_mut().project();
        let call = &mut **this.call;
        if *this.is_started && this.copies.is_empty() {
            ready!(call.full().poll_delay(cx));
            return Poll::Ready(ControlFlow::Continue(()));
        }
        let mut guard = PollGuard::new();
        match guard.admit_copies(&mut call.state, call.bound, cx) {
            PollStep::Granted => {}
            PollStep::PassThrough => {
                let body = this.plain.get_or_insert_with(|| Box::pin((this.make)()));
                let poll = |cx: &mut TaskContext<'_>| body.as_mut().poll(cx);
                return call.poll_plainly(this.injection, this.rules, poll, cx).map(ControlFlow::Break);
            }
            PollStep::Refused => {
                let ended = call.end(guard.refusal(), this.rules);
                return Poll::Ready(ControlFlow::Break(ended));
            }
            _ => return Poll::Pending,
        }
        let polled = self.as_mut().advance(cx);
        guard.leave_copies(&mut self.project().call.state);
        polled
    }
}

impl<M, F, C, P, R, J, T, E, K> Hedged<'_, M, F, C, P, R, J, K>
where
    M: FnMut() -> F,
    F: Future<Output = Result<T, E>>,
    C: FnMut(&E) -> Facts,
    P: LastOutcome<T, E, Kept = K>,
    R: FnMut(Rejection) -> E,
    J: FnMut(&Slot<'_, T, E>),
{
    fn advance(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<ControlFlow<Result<T, E>>> {
        if !self.is_started {
            self.as_mut().start();
        }
        loop {
            let this = self.as_mut().project();
            let call = &mut **this.call;
            let next = match this.copies.poll(call.full(), this.rules, cx) {
                CopyEvent::Answer(Ok(value), permit, _) if !this.rules.last_outcome.is_unwanted(&value) => {
                    this.copies.abandon(call.full(), permit.permit.started);
                    call.full().holding = Holding::Attempt(permit.into_permit());
                    call.full().succeed();
                    return Poll::Ready(ControlFlow::Break(Ok(value)));
                }
                CopyEvent::Answer(outcome, permit, inner_outcome) => {
                    let facts = outcome.as_ref().err().map(&mut this.rules.classify);
                    call.last = this.rules.last_outcome.keep(outcome);
                    let failure = Failure::of(facts, inner_outcome);
                    match self.as_mut().fail_copy(failure, permit, inner_outcome) {
                        Some(next) => next,
                        None => continue,
                    }
                }
                CopyEvent::TimedOut(permit, inner_outcome) => {
                    match self.as_mut().fail_copy(Failure::TIMED_OUT, permit, inner_outcome) {
                        Some(next) => next,
                        None => continue,
                    }
                }
                CopyEvent::Deadline => {
                    this.copies.clear();
                    Next::End(call.full().abandon_at_deadline())
                }
                CopyEvent::NoneLeft => return Poll::Pending,
                CopyEvent::Wait => {
                    if !self.as_mut().starts_further() {
                        ready!(self.as_mut().wait(cx));
                    }
                    continue;
                }
            };
            let mut this = self.as_mut().project();
            let (copies, timer) = (this.copies, this.timer.as_mut());
            let drop_attempt = || {
                copies.clear();
                timer.disarm();
            };
            return this.call.proceed(next, drop_attempt, this.rules, cx);
        }
    }

    /// A copy has failed. Nothing, if others go on; otherwise how the call goes on after the attempt, which failed with it.
    fn fail_copy(
        self: Pin<&mut Self>,
        failure: Failure,
        permit: OwnedPermit,
        inner_outcome: InnerOutcome,
    ) -> Option<Next> {
        let this = self.project();
        let full = this.call.full();
        let now = full.service().now();
        *this.plan = this.plan.asked(failure.retry_after(), now);
        *this.was_throttled |= failure.is_throttled();
        full.fail_copy_span(&permit, &failure);
        if failure.leaves_others(full.rules(), inner_outcome) && !this.copies.is_empty() {
            full.settle(permit.into_permit(), &failure);
            return None;
        }
        this.copies.abandon(full, permit.permit.started);
        full.holding = Holding::Attempt(permit.into_permit());
        let (min_delay, was_throttled) = (this.plan.floor(now), *this.was_throttled);
        Some(full.fail(&FailedAttempt { failure, inner_outcome, min_delay, was_throttled, is_single: false }))
    }

    /// Starts the first copy, with what the attempt was admitted with.
    fn start(self: Pin<&mut Self>) {
        let this = self.project();
        *this.is_started = true;
        let full = this.call.full();
        if let Some(permit) = full.hand_permit_to_copies() {
            *this.plan = HedgePlan::of(full.hedge_after().map(|after| permit.started.plus(after)));
            let permit = OwnedPermit::new(permit, full.attempt_target()).traced(full.take_attempt_span());
            this.copies.start(permit, full.context, this.make);
        }
    }

    /// Starts another copy, if one is due and admitted.
    fn starts_further(self: Pin<&mut Self>) -> bool {
        let this = self.project();
        let full = this.call.full();
        let now = full.service().now();
        if this.plan.copy().is_none_or(|due| now < due) {
            return false;
        }
        *this.plan = HedgePlan::Nothing;
        let Some(permit) = full.admit_copy(now) else { return false };
        let permit = permit.traced(full.copy_span());
        let further = this.copies.start_further(permit, full.context, this.make);
        *this.plan = HedgePlan::of(full.next_hedge(further, now));
        true
    }

    /// Waits until something is due.
    fn wait(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<()> {
        let mut this = self.project();
        let full = this.call.full();
        let now = full.service().now();
        let Some(wake) = this.copies.next_event(full, this.plan.copy()) else { return Poll::Pending };
        this.timer.as_mut().arm(wake.since(now).max(Duration::from_nanos(1)));
        this.timer.as_mut().poll(cx)
    }
}

impl<M, F, C, P, R, J, K> fmt::Debug for Hedged<'_, M, F, C, P, R, J, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hedged").field("copies", &self.copies.len()).finish_non_exhaustive()
    }
}
