//! One attempt that may become several: when it is slow, a copy is started beside it, and the first good answer
//! wins.
//!
//! Each copy is a full attempt with a permit of its own, paid from the retry budget. The copies that lose are
//! abandoned. A copy that fails with something worth retrying leaves the field to the others; only the last
//! failure is the attempt's.

use std::fmt;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::call::Call;
use super::context::{Context, Entered, Report};
use super::hedge_plan::HedgePlan;
use super::last_outcome::Keep;
use crate::call::engine::decision::{Admission, Next};
use crate::call::engine::failure::Failure;
use crate::call::engine::full::progress::Progress;
use crate::call::engine::holding::Holding;
use crate::call::engine::permit::owned::OwnedPermit;
use crate::call::engine::wait::{Wait, WaitReason};
use crate::classify::Facts;
use crate::clock::Tick;
use crate::monitor::AttemptOutcome;
use crate::rejection::Rejection;
use crate::timer::Delay;

pin_project! {
    /// One attempt of an annotated call with `hedge`.
    #[must_use = "futures do nothing unless polled"]
    pub struct Hedged<'call, M, F, J, P, R, K> {
        call: &'call mut Call<K>,
        make: M,
        judge: J,
        keep: P,
        carry: R,
        copies: Vec<Copy<F>>,
        // How many copies beyond the first were started, whatever became of them.
        started: usize,
        // The only copy of a call that passes through.
        plain: Option<Pin<Box<F>>>,
        is_started: bool,
        plan: HedgePlan,
        #[pin]
        timer: Delay,
    }
}

/// A running copy.
struct Copy<F> {
    body: Pin<Box<F>>,
    permit: OwnedPermit,
    /// Its own: what the calls inside one copy say is nothing to the others.
    context: Context,
}

/// What came of polling the copies.
enum Event<T, E> {
    Answer(Result<T, E>, OwnedPermit, Report),
    TimedOut(OwnedPermit, Report),
    Deadline,
    NoneLeft,
    Wait,
}

impl<'call, M, F, J, P, R, K> Hedged<'call, M, F, J, P, R, K> {
    pub(super) fn new(call: &'call mut Call<K>, make: M, judge: J, keep: P, carry: R) -> Self {
        Self {
            call,
            make,
            judge,
            keep,
            carry,
            copies: Vec::new(),
            started: 0,
            plain: None,
            is_started: false,
            plan: HedgePlan::Nothing,
            timer: Delay::none(),
        }
    }
}

impl<M, F, J, P, R, T, E, K> Future for Hedged<'_, M, F, J, P, R, K>
where
    M: FnMut() -> F,
    F: Future<Output = Result<T, E>>,
    J: FnMut(&E) -> Facts,
    P: Keep<T, E, Kept = K>,
    R: FnMut(Rejection) -> E,
{
    type Output = ControlFlow<Result<T, E>>;

    /// All of a poll counts as a part of the bodies: rules, clones and destructors of the user's run in the middle of it.
    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let progress = self.as_mut().project().call.full().progress;
        if progress == Progress::Between {
            self.as_mut().project().call.full().progress = Progress::InBody;
        }
        let polled = self.as_mut().advance(cx);
        let full = self.project().call.full();
        if full.progress == Progress::InBody {
            full.progress = Progress::Between;
        }
        polled
    }
}

impl<M, F, J, P, R, T, E, K> Hedged<'_, M, F, J, P, R, K>
where
    M: FnMut() -> F,
    F: Future<Output = Result<T, E>>,
    J: FnMut(&E) -> Facts,
    P: Keep<T, E, Kept = K>,
    R: FnMut(Rejection) -> E,
{
    fn advance(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<ControlFlow<Result<T, E>>> {
        let mut this = self.project();
        let call = &mut **this.call;
        if *this.is_started && this.copies.is_empty() {
            ready!(call.full().poll_delay(cx));
            return Poll::Ready(ControlFlow::Continue(()));
        }
        if call.full().is_pass_through() {
            let body = this.plain.get_or_insert_with(|| Box::pin((this.make)()));
            return body.as_mut().poll(cx).map(ControlFlow::Break);
        }
        if !*this.is_started {
            match call.full().poll_admission(cx) {
                Admission::Refused(refusal) => {
                    return Poll::Ready(ControlFlow::Break(call.end(refusal, this.keep, this.carry)));
                }
                Admission::Pending => return Poll::Pending,
                Admission::Granted | Admission::PassThrough => {}
            }
            *this.is_started = true;
            if let Some(permit) = call.full().take_permit() {
                let due = call.full().hedge_after().map(|after| permit.started.plus(after));
                *this.plan = HedgePlan::of(due);
                let mut permit = OwnedPermit::new(permit, call.full().attempt_target());
                let body = Box::pin(permit.make(&mut *this.make));
                this.copies.push(Copy { body, permit, context: call.full().inside });
            }
        }
        loop {
            let next = match poll_copies(call, this.copies, cx) {
                Event::Answer(Ok(value), permit, _) if !this.keep.is_unwanted(&value) => {
                    abandon(call, this.copies, permit.permit.started);
                    call.full().holding = Holding::Attempt(permit.into_permit());
                    call.full().succeed();
                    return Poll::Ready(ControlFlow::Break(Ok(value)));
                }
                Event::Answer(outcome, permit, report) => {
                    let facts = outcome.as_ref().err().map(&mut *this.judge);
                    call.last = this.keep.keep(outcome);
                    let failure = Failure::of(facts, report);
                    let now = call.full().service().now();
                    *this.plan = this.plan.asked(failure.recovery().after, now);
                    let goes_on = failure.leaves_others(call.full().rules(), report);
                    if goes_on && !this.copies.is_empty() {
                        call.full().settle(permit.into_permit(), failure);
                        continue;
                    }
                    abandon(call, this.copies, permit.permit.started);
                    call.full().holding = Holding::Attempt(permit.into_permit());
                    call.full().fail_after(failure, report, this.plan.floor(now))
                }
                Event::TimedOut(permit, report) => {
                    if !this.copies.is_empty() {
                        call.full().settle(permit.into_permit(), Failure::TimedOut);
                        continue;
                    }
                    call.full().holding = Holding::Attempt(permit.into_permit());
                    let floor = this.plan.floor(call.full().service().now());
                    call.full().fail_after(Failure::TimedOut, report, floor)
                }
                Event::Deadline => {
                    this.copies.clear();
                    Next::End(call.full().abandon_at_deadline())
                }
                Event::NoneLeft => return Poll::Pending,
                Event::Wait => {
                    let now = call.full().service().now();
                    if this.plan.copy().is_some_and(|due| now >= due) {
                        *this.plan = HedgePlan::Nothing;
                        if let Some(mut permit) = call.full().admit_copy(now) {
                            let body = Box::pin(permit.make(&mut *this.make));
                            this.copies.push(Copy { body, permit, context: call.full().inside });
                            *this.started += 1;
                            *this.plan = HedgePlan::of(call.full().next_hedge(*this.started, now));
                            continue;
                        }
                    }
                    let Some(wake) = next_event(call, this.copies, this.plan.copy()) else {
                        return Poll::Pending;
                    };
                    this.timer.as_mut().arm(wake.since(now).max(Duration::from_nanos(1)));
                    ready!(this.timer.as_mut().poll(cx));
                    continue;
                }
            };
            return match next {
                Next::Now if call.full().yields(cx) => Poll::Pending,
                Next::Now => Poll::Ready(ControlFlow::Continue(())),
                Next::End(ending) => {
                    Poll::Ready(ControlFlow::Break(call.end(ending.into(), this.keep, this.carry)))
                }
                Next::After(delay) => {
                    this.copies.clear();
                    this.timer.disarm();
                    call.full().wait = Some(Wait::new(WaitReason::Delay, delay));
                    ready!(call.full().poll_delay(cx));
                    Poll::Ready(ControlFlow::Continue(()))
                }
            };
        }
    }
}

/// Polls each copy once; the first that has something to say ends the round.
fn poll_copies<F, T, E, K>(
    call: &mut Call<K>,
    copies: &mut Vec<Copy<F>>,
    cx: &mut TaskContext<'_>,
) -> Event<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    if copies.is_empty() {
        return Event::NoneLeft;
    }
    for place in 0..copies.len() {
        let copy = &mut copies[place];
        let entered = Entered::new(copy.context);
        copy.permit.permit.set_in_body(true);
        let polled = copy.body.as_mut().poll(cx);
        copy.context.report = entered.leave();
        match polled {
            // The permit stays in the body until it is settled: the user's rules go on with that.
            Poll::Ready(outcome) => {
                let Copy { permit, context, .. } = copies.swap_remove(place);
                return Event::Answer(outcome, permit, context.report);
            }
            // What a body goes on from, it has dealt with.
            Poll::Pending => {
                copy.permit.permit.set_in_body(false);
                copy.context.report = copy.context.report.dealt_with();
            }
        }
    }
    let now = call.full().service().now();
    if now >= call.full().inside.deadline {
        return Event::Deadline;
    }
    let timeout = call.full().attempt_timeout();
    match copies
        .iter()
        .position(|copy| timeout.is_some_and(|time| now >= copy.permit.permit.started.plus(time)))
    {
        Some(place) => {
            let Copy { body, mut permit, context } = copies.swap_remove(place);
            permit.permit.set_in_body(true);
            drop(body);
            Event::TimedOut(permit, context.report)
        }
        None => Event::Wait,
    }
}

/// Ends the copies that have lost to one that began at that time.
///
/// How old those are that had begun before it is remembered: left out, the slow attempts would vanish from the
/// latencies that `after = P95` goes by, and it would start more and more copies, sooner and sooner. A younger one that
/// has lost says nothing.
fn abandon<F, K>(call: &mut Call<K>, copies: &mut Vec<Copy<F>>, winner: Tick) {
    let now = call.full().service().now();
    for copy in copies.drain(..) {
        if copy.permit.permit.started < winner {
            call.full().remember(AttemptOutcome::Abandoned, now.nanos_since(copy.permit.permit.started), now);
        }
    }
}

/// When something is due: the next copy, the timeout of the oldest, the deadline.
fn next_event<F, K>(call: &mut Call<K>, copies: &[Copy<F>], next_copy: Option<Tick>) -> Option<Tick> {
    let timeout = call.full().attempt_timeout();
    let timeouts = copies.iter().filter_map(|copy| Some(copy.permit.permit.started.plus(timeout?)));
    let wake = timeouts.chain(next_copy).chain([call.full().inside.deadline]).min()?;
    (wake != Tick::MAX).then_some(wake)
}

impl<M, F, J, P, R, K> fmt::Debug for Hedged<'_, M, F, J, P, R, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hedged").field("copies", &self.copies.len()).finish_non_exhaustive()
    }
}
