//! Decides which copy of a hedged attempt answers: all are polled side by side, and the first that has something to say does. In:
//! polls. Out: which one has something to say first, and who is told of those that have lost.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use super::context::{Context, InnerOutcome};
use super::injection::{Inject, Injection, Place};
use super::result_rules::ResultRules;
use crate::call::engine::full::call::FullCall;
use crate::call::engine::permit::owned::OwnedPermit;
use crate::call::engine::poll_guard::PollGuard;
use crate::clock::Tick;
use crate::monitor::AttemptOutcome;
use crate::rejection::Rejection;

/// The copies that run, and how many there have been.
#[derive(Debug)]
pub(super) struct Copies<F> {
    running: Vec<Copy<F>>,
    /// How many were started beyond the first, whatever became of them.
    further: usize,
}

/// A running copy.
#[derive(Debug)]
struct Copy<F> {
    body: Pin<Box<F>>,
    permit: OwnedPermit,
    injection: Injection,
    /// Its own: the outcome of the calls inside one copy does not concern the others.
    context: Context,
}

impl<F> Copy<F> {
    fn started(&self) -> Tick {
        self.permit.permit.started
    }
}

/// What polling the copies decided.
pub(super) enum CopyEvent<T, E> {
    /// One has ended.
    Answer(Result<T, E>, OwnedPermit, InnerOutcome),
    /// One has run into its timeout, and its body is gone.
    TimedOut(OwnedPermit, InnerOutcome),
    /// The deadline of the call has come.
    Deadline,
    /// No copy runs.
    NoneLeft,
    /// All have to wait.
    Wait,
}

impl<F> Copies<F> {
    pub(super) fn none() -> Self {
        Self { running: Vec::new(), further: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.running.len()
    }

    pub(super) fn clear(&mut self) {
        self.running.clear();
    }

    /// Starts the first copy.
    pub(super) fn start(&mut self, mut permit: OwnedPermit, context: Context, make: impl FnOnce() -> F) {
        let body = Box::pin(permit.make(make));
        self.running.push(Copy { body, permit, injection: Injection::default(), context });
    }

    /// Starts another; gives back how many there have been beyond the first.
    pub(super) fn start_further(
        &mut self,
        permit: OwnedPermit,
        context: Context,
        make: impl FnOnce() -> F,
    ) -> usize {
        self.start(permit, context, make);
        self.further += 1;
        self.further
    }

    /// Polls each copy once; the first event ends the round.
    pub(super) fn poll<T, E, C, P, R, J>(
        &mut self,
        full: &FullCall,
        rules: &mut ResultRules<C, P, R, J>,
        cx: &mut TaskContext<'_>,
    ) -> CopyEvent<T, E>
    where
        F: Future<Output = Result<T, E>>,
        R: FnMut(Rejection) -> E,
        J: Inject<T, E>,
    {
        if self.running.is_empty() {
            return CopyEvent::NoneLeft;
        }
        for index in 0..self.running.len() {
            let copy = &mut self.running[index];
            copy.permit.permit.set_in_body(true);
            let place = Place::within(full.bound, full.partition);
            let ResultRules { inject, on_rejection, .. } = &mut *rules;
            let (body, injection) = (&mut copy.body, &mut copy.injection);
            let polled = PollGuard::poll_copy(&mut copy.context, || {
                let poll = |cx: &mut TaskContext<'_>| body.as_mut().poll(cx);
                copy.permit.within_span(|| injection.poll(place, inject, on_rejection, poll, cx))
            });
            match polled {
                // The permit stays in the body until it is settled: the user's rules go on with that.
                Poll::Ready(outcome) => {
                    let Copy { permit, context, .. } = self.running.swap_remove(index);
                    return CopyEvent::Answer(outcome, permit, context.inner_outcome);
                }
                // What a body goes on from, it has dealt with.
                Poll::Pending => {
                    copy.permit.permit.set_in_body(false);
                    copy.context.inner_outcome = copy.context.inner_outcome.dealt_with();
                }
            }
        }
        let now = full.service().now();
        if now >= full.context.deadline {
            return CopyEvent::Deadline;
        }
        let timeout = full.attempt_timeout();
        let is_late = |copy: &Copy<F>| timeout.is_some_and(|time| now >= copy.started().plus(time));
        match self.running.iter().position(is_late) {
            Some(index) => {
                let Copy { body, mut permit, context, .. } = self.running.swap_remove(index);
                permit.permit.set_in_body(true);
                drop(body);
                CopyEvent::TimedOut(permit, context.inner_outcome)
            }
            None => CopyEvent::Wait,
        }
    }

    /// Ends the copies that have lost to one that began at that time.
    ///
    /// How old those are that had begun before it is remembered: left out, the slow attempts would vanish from the
    /// latencies that `after = P95` goes by, and it would start more and more copies, sooner and sooner. The age of a
    /// younger one that has lost means nothing.
    pub(super) fn abandon(&mut self, full: &FullCall, winner: Tick) {
        let now = full.service().now();
        for copy in self.running.drain(..) {
            copy.permit.abandon_span();
            if copy.started() < winner {
                full.remember(AttemptOutcome::Abandoned, now.nanos_since(copy.started()), now);
            }
        }
    }

    /// When something is due: the next copy, the timeout of the oldest, the deadline.
    pub(super) fn next_event(&self, full: &FullCall, next_copy: Option<Tick>) -> Option<Tick> {
        let timeout = full.attempt_timeout();
        let timeouts = self.running.iter().filter_map(|copy| Some(copy.started().plus(timeout?)));
        let wake = timeouts.chain(next_copy).chain([full.context.deadline]).min()?;
        (wake != Tick::MAX).then_some(wake)
    }
}
