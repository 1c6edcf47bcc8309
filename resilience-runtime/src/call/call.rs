//! Holds one call between its attempts. In: attempts and their results. Out: the result of the call; between attempts, what it has
//! kept.

use std::ops::ControlFlow;
use std::task::{Context as TaskContext, Poll};

use super::last_outcome::LastOutcome;
use super::result_rules::ResultRules;
use crate::call::engine::decision::{Next, Refusal};
use crate::call::engine::failure::{FailedAttempt, Failure};
use crate::call::engine::full::call::FullCall;
use crate::call::engine::full::finish::TrackedRejection;
use crate::call::engine::full::progress::Progress;
use crate::call::engine::state::CallState;
use crate::call::engine::wait::{Wait, WaitReason};
use crate::registry::{BoundSite, Service};
use crate::rejection::Rejection;

/// The state of one call between its attempts.
///
/// `K` is what is kept from a failed attempt: the error, or with `retry_if_ok` the whole result.
pub struct Call<K> {
    pub(super) bound: &'static BoundSite,
    /// Not started until the first poll: what a call finds out when it starts is found out in code that is compiled
    /// once, and not in each annotated function.
    pub(super) state: CallState,
    /// The body cannot run again, as its site did not say beforehand.
    pub(super) is_single: bool,
    pub(super) last: Option<K>,
}

impl<K> Call<K> {
    #[inline]
    pub(crate) fn new(bound: &'static BoundSite) -> Self {
        Self { bound, state: CallState::not_started(), is_single: false, last: None }
    }

    /// The time of the attempt is up: drops its body, settles it, and decides what follows.
    #[cold]
    pub(super) fn time_out(&mut self, drop_body: impl FnOnce()) -> Next {
        self.state.disarm();
        let is_single = self.is_single;
        let full = self.full();
        // What its destructors do is a part of the body.
        full.progress = Progress::InBody;
        drop_body();
        full.progress = Progress::Between;
        let (failure, inner_outcome) = (Failure::TIMED_OUT, full.context.inner_outcome);
        full.go_on_after(&FailedAttempt::alone(failure, inner_outcome, is_single))
    }

    /// Goes on as was decided after a failed attempt: at once, after the delay, or with the result of the call. Whatever
    /// is left of the attempt is dropped before the call waits.
    #[expect(
        clippy::inline_always,
        reason = "a part of each failed attempt: out of line it costs 30 instructions"
    )]
    #[inline(always)]
    pub(super) fn proceed<T, E, C, P, R, J>(
        &mut self,
        next: Next,
        drop_attempt: impl FnOnce(),
        rules: &mut ResultRules<C, P, R, J>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<ControlFlow<Result<T, E>>>
    where
        P: LastOutcome<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
    {
        let delay = match next {
            Next::Now => None,
            Next::After(delay) => Some(delay),
            Next::End(ending) => {
                return Poll::Ready(ControlFlow::Break(self.end(ending.into(), rules)));
            }
        };
        let full = self.full();
        if delay.is_none() && !full.yields(cx) {
            return Poll::Ready(ControlFlow::Continue(()));
        }
        full.run_foreign(|_| drop_attempt());
        let Some(delay) = delay else { return Poll::Pending };
        full.wait = Some(Wait::new(WaitReason::Delay, delay));
        full.poll_delay(cx).map(ControlFlow::Continue)
    }

    /// The result of a call that makes no further attempt.
    pub(super) fn end<T, E, C, P, R, J>(
        &mut self,
        refusal: Refusal,
        rules: &mut ResultRules<C, P, R, J>,
    ) -> Result<T, E>
    where
        P: LastOutcome<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
    {
        let ResultRules { last_outcome, on_rejection, .. } = rules;
        let last = self.last.take();
        let has_last = last.is_some();
        let full = self.full();
        let mut followed = TrackedRejection::default();
        // Before the call is counted as ended: if the user's conversion panics, the call has.
        let outcome = full.run_foreign(|full| {
            let Some(kept) = last else {
                let rejection = full.rejection(refusal);
                followed = TrackedRejection::new(&rejection);
                return Err(on_rejection(rejection));
            };
            last_outcome.release(kept)
        });
        full.end(refusal.ending, has_last, followed);
        outcome
    }

    /// The full call, which starts if the call has not started.
    #[inline]
    pub(super) fn full(&mut self) -> &mut FullCall {
        self.state.start_full(self.bound)
    }

    #[inline]
    pub(super) fn service(&self) -> &'static Service {
        self.bound.service()
    }
}

impl<K> std::fmt::Debug for Call<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("service", &self.service().name())
            .field("attempts", &self.state.attempts())
            .finish_non_exhaustive()
    }
}
