//! Carries the result of a poll into the state of the call. In: a success, a failure, a wait, or a panic of the body. Out: the
//! state that follows.

use std::task::{Context as TaskContext, Poll};

use super::{PollGuard, PollMode, PollStep};
use crate::breaker::BreakerTicket;
use crate::call::context::{Context, Given, report_to_outer};
use crate::call::engine::fast::call::FastCall;
use crate::call::engine::state::CallState;
use crate::call::engine::success::{Recorded, Success, keep_steps, time_of_success};
use crate::clock::Tick;
use crate::events::leave_span;
use crate::monitor::AttemptNumber;
use crate::registry::BoundSite;

impl PollGuard {
    /// The body has given an `Ok` that is wanted. To be called once, and the guard forgotten after it: to take it by
    /// value would be to copy it, and to drop it, to ask it again.
    #[inline]
    pub(in crate::call) fn succeed(&mut self, state: &mut CallState, bound: &'static BoundSite) {
        if let PollMode::Bare(..) = self.mode {
            Context::ROOT.restore();
            keep_steps(bound.service(), AttemptNumber::FIRST);
        } else {
            self.succeed_counted(state);
        }
    }

    #[inline(never)]
    fn succeed_counted(&mut self, state: &mut CallState) {
        match self.mode {
            PollMode::Fast(_) => self.succeed_fast(state),
            PollMode::Traced(outer) => self.succeed_traced(state, outer),
            _ => self.succeed_resumed(state),
        }
    }

    /// The same for one that is within its span.
    #[cold]
    fn succeed_traced(&mut self, state: &mut CallState, outer: Context) {
        leave_span();
        self.mode = PollMode::Resumed(outer);
        self.succeed_resumed(state);
    }

    #[inline(never)]
    fn succeed_fast(&mut self, state: &mut CallState) {
        let PollMode::Fast(attempt) = &self.mode else { return };
        // What the calls inside have said is for failures.
        Context::ROOT.restore();
        let now = attempt.now();
        let success = attempt.success(now);
        let recorded = success.record(now);
        if !self.end_fast(&success, recorded, now) {
            self.succeed_in_order(state, now);
        }
    }

    /// The same where the breaker may ask for the order of results.
    #[inline(never)]
    fn succeed_in_order(&mut self, state: &mut CallState, now: Tick) {
        let PollMode::Fast(attempt) = &self.mode else { return };
        let success = attempt.success(now);
        let recorded = success.record_in_order(now);
        if !self.end_fast(&success, recorded, now) {
            self.succeed_slowly(state, now);
        }
    }

    /// Ends the attempt of a first poll whose success has been recorded; `false`, and nothing is done, if it has not.
    #[expect(clippy::inline_always, reason = "the end of each way to record a success")]
    #[inline(always)]
    fn end_fast(&mut self, success: &Success, recorded: Recorded, now: Tick) -> bool {
        if let Recorded::PermitLeft = recorded {
            self.mode = PollMode::Unused;
            success.count_and_release(success.began(now));
        }
        !matches!(recorded, Recorded::Not)
    }

    /// The same where more has to hear of it.
    #[inline(never)]
    fn succeed_slowly(&mut self, state: &mut CallState, now: Tick) {
        if let PollMode::Fast(attempt) = &self.mode {
            let full = attempt.fast_call(attempt.context()).to_full();
            self.mode = PollMode::Unused;
            state.set_full(full).succeed_at(now);
        }
    }

    #[inline(never)]
    fn succeed_resumed(&mut self, state: &mut CallState) {
        let PollMode::Resumed(outer) = &self.mode else { return };
        let inner_outcome = outer.restore();
        self.mode = PollMode::Unused;
        if let Some(fast) = state.fast() {
            fast.inner_outcome = inner_outcome;
            let now = time_of_success(fast.bound, fast.policy);
            if let Some(success) = fast.success(now) {
                let recorded = success.record(now);
                if Self::end_resumed(state, &success, recorded) {
                    return;
                }
            }
            if Self::resumed_in_order(state, now) {
                return;
            }
        }
        if let Some(full) = state.promote() {
            full.context.inner_outcome = inner_outcome;
            full.succeed_in_full();
            state.disarm();
        }
    }

    /// Ends a call on the fast path whose breaker asks for the order of results; `false`, and nothing is done, if more
    /// has to hear of it.
    #[inline(never)]
    fn resumed_in_order(state: &mut CallState, now: Tick) -> bool {
        let Some(success) = state.fast().and_then(|fast| fast.success(now)) else { return false };
        let recorded = success.record_in_order(now);
        Self::end_resumed(state, &success, recorded)
    }

    /// Ends a call on the fast path whose body has waited and whose success has been recorded; `false`, and nothing is done, if
    /// it has not.
    #[expect(clippy::inline_always, reason = "the end of each way to record a success")]
    #[inline(always)]
    fn end_resumed(state: &mut CallState, success: &Success, recorded: Recorded) -> bool {
        match recorded {
            Recorded::Not => return false,
            Recorded::Done => state.end_fast(),
            Recorded::PermitLeft => {
                let started = state.fast().map_or(Tick::NEVER, |fast| fast.body_began());
                state.end_fast();
                success.count_and_release(started);
            }
        }
        report_to_outer(false, Given::Nothing);
        true
    }

    /// The body has to wait.
    #[inline(never)]
    pub(in crate::call) fn wait(
        &mut self,
        state: &mut CallState,
        bound: &'static BoundSite,
        cx: &mut TaskContext<'_>,
    ) -> PollStep {
        let PollMode::Fast(attempt) = &self.mode else { return self.wait_again(state, bound, cx) };
        let fast = attempt.paused_call(Context::ROOT.enter());
        let until = fast.time_limit();
        state.set_fast(fast);
        self.mode = PollMode::Unused;
        if let Some(until) = until {
            // Armed when it is asked first: most bodies that wait at all are done long before.
            state.run_foreign(|state| state.set_timer(bound.shared().arm(until, cx)));
        }
        PollStep::Pending
    }

    /// The same of any but the first poll of a call on the fast path.
    #[inline(never)]
    fn wait_again(
        &mut self,
        state: &mut CallState,
        bound: &'static BoundSite,
        cx: &mut TaskContext<'_>,
    ) -> PollStep {
        self.leave_context(state, Some(bound));
        let is_armed = state.timer().is_some();
        let until = if let Some(fast) = state.fast() {
            fast.pause();
            if is_armed { None } else { fast.time_limit() }
        } else if let Some(full) = state.promote() {
            full.pause();
            if is_armed { None } else { full.time_limit() }
        } else {
            return PollStep::Pending;
        };
        state.run_foreign(|state| {
            let timer = state.timer();
            match (timer.as_mut().map(|timer| timer.poll(cx)), until) {
                (Some(Poll::Ready(())), _) => PollStep::TimedOut,
                (None, Some(until)) => {
                    state.set_timer(bound.shared().arm(until, cx));
                    PollStep::Pending
                }
                (Some(Poll::Pending), _) | (None, None) => PollStep::Pending,
            }
        })
    }

    /// The body has failed. The progress stays within it: what the user's rules say of it is a part of it.
    #[inline(never)]
    pub(in crate::call) fn fail(&mut self, state: &mut CallState, bound: &'static BoundSite) -> PollStep {
        self.leave_context(state, Some(bound));
        state.disarm();
        PollStep::Failed
    }

    /// Steps out of the context of the body, which has not succeeded. Without `bound`, a bare call ends with it: it holds
    /// nothing, and nobody counts it.
    #[expect(clippy::inline_always, reason = "each of its three callers needs one of its branches most")]
    #[inline(always)]
    fn leave_context(&mut self, state: &mut CallState, bound: Option<&'static BoundSite>) {
        match &self.mode {
            PollMode::Unused | PollMode::Refused(_) => {}
            PollMode::Bare(policy) => {
                let left = Context::ROOT.enter();
                if let Some(bound) = bound {
                    state.set_fast(FastCall::first(bound, policy, BreakerTicket::default(), Tick(0), left));
                }
            }
            PollMode::Fast(attempt) => {
                state.set_fast(attempt.fast_call(Context::ROOT.enter()));
            }
            PollMode::Traced(outer) => {
                let inner_outcome = outer.restore();
                leave_span();
                if let Some(full) = state.promote() {
                    full.context.inner_outcome = inner_outcome;
                }
            }
            PollMode::Resumed(outer) => {
                let inner_outcome = outer.restore();
                if let Some(fast) = state.fast() {
                    fast.inner_outcome = inner_outcome;
                } else if let Some(full) = state.promote() {
                    full.context.inner_outcome = inner_outcome;
                }
            }
        }
        // Only the word that says which way is written: to take the whole would be to copy it.
        self.mode = PollMode::Unused;
    }
}

impl Drop for PollGuard {
    #[inline]
    fn drop(&mut self) {
        if !matches!(self.mode, PollMode::Unused | PollMode::Refused(_)) {
            self.unwind();
        }
    }
}

impl PollGuard {
    /// The body has panicked. What has begun before it finds that it is in its body when it is dropped, as does what
    /// begins here.
    #[cold]
    fn unwind(&mut self) {
        self.leave_context(&mut CallState::not_started(), None);
    }
}
