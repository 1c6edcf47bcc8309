//! The future of one attempt: admission, the body under its timer, the verdict, the sleep before the next.
//!
//! A hand-written future that polls the user's body in place: each `async fn` on the way would store the
//! body a second time.

use std::fmt;
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};

use super::context::Entered;
use super::decide::Failure;
use super::gate::poll_timer;
use super::keep::Keep;
use super::{Call, Next, Progress};
use crate::classify::Facts;
use crate::rejection::Rejection;

pin_project! {
    /// One attempt of an annotated call.
    #[must_use = "futures do nothing unless polled"]
    pub struct Attempt<'call, F, J, P, R, K> {
        call: &'call mut Call<K>,
        judge: J,
        keep: P,
        carry: R,
        #[pin]
        running: Running<F>,
    }
}

pin_project! {
    /// An attempt apart from its call and its rules, for those who own these.
    pub(super) struct Running<F> {
        #[pin]
        phase: Phase<F>,
    }
}

pin_project! {
    #[project = Stage]
    enum Phase<F> {
        /// The body has yet to be polled, or waits. `timer` ends it: for the deadline of the call where
        /// `deadline_first`, else for the attempt timeout.
        Body { #[pin] body: F, #[pin] timer: Option<Sleep>, deadline_first: bool },
        /// The body is gone; the delay before the next attempt passes.
        Delay { #[pin] sleep: Sleep },
        /// The body is gone.
        Over,
    }
}

impl<'call, F, J, P, R, K> Attempt<'call, F, J, P, R, K> {
    pub(super) fn new(call: &'call mut Call<K>, body: F, judge: J, keep: P, carry: R) -> Self {
        let running = Running::new(body);
        Self { call, judge, keep, carry, running }
    }
}

impl<F, J, P, R, T, E, K> Future for Attempt<'_, F, J, P, R, K>
where
    F: Future<Output = Result<T, E>>,
    J: FnMut(&E) -> Facts,
    P: Keep<T, E, Kept = K>,
    R: FnMut(Rejection) -> E,
{
    type Output = ControlFlow<Result<T, E>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.running.poll(this.call, this.judge, this.keep, this.carry, cx)
    }
}

/// What one poll of the body came to.
enum Polled<T> {
    Ready(T),
    Pending,
    /// The timer went off; says whether it was the deadline's.
    TimeUp {
        deadline: bool,
    },
}

impl<F: Future> Phase<F> {
    /// Polls the body, and the timer behind it, which is armed only once the body has had to wait.
    #[inline]
    fn poll_body<K>(self: Pin<&mut Self>, call: &Call<K>, cx: &mut TaskContext<'_>) -> Polled<F::Output> {
        let Stage::Body { body, mut timer, deadline_first } = self.project() else {
            return Polled::Pending;
        };
        if let Poll::Ready(outcome) = body.poll(cx) {
            return Polled::Ready(outcome);
        }
        if timer.is_none() {
            let Some(limit) = call.time_left() else {
                return Polled::Pending;
            };
            *deadline_first = limit.of_deadline;
            timer.set(Some(sleep(limit.left)));
        }
        match poll_timer(timer, cx) {
            Poll::Ready(()) => Polled::TimeUp { deadline: *deadline_first },
            Poll::Pending => Polled::Pending,
        }
    }
}

impl<F> Running<F> {
    pub(super) fn new(body: F) -> Self {
        Self { phase: Phase::Body { body, timer: None, deadline_first: false } }
    }

    /// Drives the attempt: `Break` with the outcome of the call, `Continue` when another attempt is due.
    #[inline]
    pub(super) fn poll<T, E, K>(
        self: Pin<&mut Self>,
        call: &mut Call<K>,
        judge: &mut impl FnMut(&E) -> Facts,
        keep: &mut impl Keep<T, E, Kept = K>,
        carry: &mut impl FnMut(Rejection) -> E,
        cx: &mut TaskContext<'_>,
    ) -> Poll<ControlFlow<Result<T, E>>>
    where
        F: Future<Output = Result<T, E>>,
    {
        let mut this = self.project();
        if let Stage::Delay { sleep } = this.phase.as_mut().project() {
            ready!(sleep.poll(cx));
            return Poll::Ready(ControlFlow::Continue(()));
        }
        if call.is_pass_through() {
            return match this.phase.poll_body(call, cx) {
                Polled::Ready(outcome) => Poll::Ready(ControlFlow::Break(outcome)),
                _ => Poll::Pending,
            };
        }
        if !call.is_admitted() {
            let Stage::Body { timer, .. } = this.phase.as_mut().project() else { return Poll::Pending };
            if let Err(ending) = ready!(call.poll_admission(cx, timer)) {
                return Poll::Ready(ControlFlow::Break(call.end(ending, keep, carry)));
            }
        }

        let entered = Entered::new(call.inner_context());
        call.progress = Progress::InBody;
        let polled = this.phase.as_mut().poll_body(call, cx);
        call.report = entered.leave();

        let failure = match polled {
            Polled::Pending => {
                call.progress = Progress::Between;
                // A rejection that comes out of the body does so in the poll that brought it; what the body went on
                // from, it has dealt with.
                call.report.rejected = false;
                return Poll::Pending;
            }
            Polled::Ready(Ok(value)) => {
                if !keep.is_unwanted(&value) {
                    call.succeed();
                    return Poll::Ready(ControlFlow::Break(Ok(value)));
                }
                call.last = keep.keep(Ok(value));
                Failure::UnwantedOk
            }
            Polled::Ready(Err(error)) => {
                let facts = judge(&error);
                call.last = keep.keep(Err(error));
                Failure::Error(facts)
            }
            Polled::TimeUp { deadline } => {
                // The body goes before its permit: what it held must be free when the permit is.
                this.phase.set(Phase::Over);
                if deadline {
                    call.progress = Progress::Between;
                    let ending = call.abandon_at_deadline();
                    return Poll::Ready(ControlFlow::Break(call.end(ending, keep, carry)));
                }
                Failure::TimedOut
            }
        };
        // Only now: a rule of the user's that panics is a panic of the body.
        call.progress = Progress::Between;
        match call.fail(failure, call.report) {
            Next::Now => Poll::Ready(ControlFlow::Continue(())),
            Next::End(ending) => Poll::Ready(ControlFlow::Break(call.end(ending, keep, carry))),
            Next::After(delay) => {
                this.phase.set(Phase::Delay { sleep: sleep(delay) });
                if let Stage::Delay { sleep } = this.phase.project() {
                    ready!(sleep.poll(cx));
                }
                Poll::Ready(ControlFlow::Continue(()))
            }
        }
    }
}

impl<F, J, P, R, K> fmt::Debug for Attempt<'_, F, J, P, R, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("call", &*self.call).finish_non_exhaustive()
    }
}
