//! `PollGuard`, and all that borrows from it, may not outlive one poll of a body; `PollStep` says what that poll may do. In: the
//! state of the call. Out: whether the body may be polled, and what follows.
//!
//! What depends on the types of an annotated function polls the body; all the rest is here and in [`FullCall`], compiled
//! once.

mod result;
mod until;

use std::task::Context as TaskContext;

use super::decision::{Admission, Refusal};
use super::full::call::FullCall;
use super::state::CallState;
use crate::breaker::BreakerTicket;
use crate::call::context::{Context, Entered};
use crate::call::engine::fast::attempt::{FastAttempt, Obstacle};
use crate::call::engine::fast::breaker_check;
use crate::call::engine::full::progress::Progress;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::events::CallStep;
use crate::policy::EffectivePolicy;
use crate::registry::BoundSite;

/// What polling the attempt decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum PollStep {
    /// Its body may be polled, within the context that is in force now.
    Granted,
    /// It has to wait.
    Pending,
    /// It is a part of an outer call: whatever the body says stands.
    PassThrough,
    /// The body has failed; it is still for the user's rules to say how.
    Failed,
    /// The time of the attempt is up. The body goes first: what it held must be free when its permit is.
    TimedOut,
    /// There is no attempt, and the call ends; the guard says why.
    Refused,
    /// An open breaker has rejected the call, which has ended without a full call.
    BreakerOpen,
    /// The fast path does not apply: a full call goes through all of admission.
    NeedsFullCall,
}

/// A guard around one poll of a body. Dropped before it is told the result, it counts the body as panicked.
#[derive(Debug)]
pub(in crate::call) struct PollGuard {
    mode: PollMode,
}

#[derive(Debug)]
enum PollMode {
    /// No poll is under way.
    Unused,
    /// There is no attempt, for that reason.
    Refused(Refusal),
    /// A call that only makes attempts: nothing is counted, and not even the clock is read.
    Bare(&'static EffectivePolicy),
    /// The first attempt, on the fast path.
    Fast(FastAttempt),
    /// An attempt of a call that has started, polled within another context than this, which is restored after it.
    Resumed(Context),
    /// The same within the span of the attempt, which is left after it.
    Traced(Context),
}

impl PollGuard {
    /// A guard that has not been asked.
    #[inline]
    pub(in crate::call) fn new() -> Self {
        Self { mode: PollMode::Unused }
    }

    /// Why there is no attempt, after a step that says so.
    #[inline]
    pub(in crate::call) fn refusal(&self) -> Refusal {
        match self.mode {
            PollMode::Refused(refusal) => refusal,
            _ => Ending::DeadlineExceeded.into(),
        }
    }

    /// Admits the first attempt of a call that has not started, if the fast path applies. Nothing is changed when it returns
    /// [`PollStep::NeedsFullCall`].
    #[inline]
    pub(in crate::call) fn admit_fast(&mut self, bound: &'static BoundSite) -> PollStep {
        let policy = bound.policy();
        if !Context::is_root() || bound.shared().sheds_anything() {
            return PollStep::NeedsFullCall;
        }
        if policy.is_bare {
            Context::of_call(bound, policy, Tick(0)).enter();
            bound.service().step(|| CallStep::CallBegan { function: bound.facts().function });
            self.mode = PollMode::Bare(policy);
            return PollStep::Granted;
        }
        self.admit_fast_by(bound, policy)
    }

    #[inline(never)]
    fn admit_fast_by(&mut self, bound: &'static BoundSite, policy: &'static EffectivePolicy) -> PollStep {
        if !policy.takes_fast_path {
            return self.admit_fast_with_slot(bound, policy);
        }
        match breaker_check::ticket(bound, policy) {
            Some(ticket) => self.admit_fast_with::<true>(bound, policy, ticket),
            None => self.reject_if_open(bound, policy),
        }
    }

    /// Out of line, so that the others need no stack for its variables.
    #[inline(never)]
    fn admit_fast_with<const LOCAL: bool>(
        &mut self,
        bound: &'static BoundSite,
        policy: &'static EffectivePolicy,
        ticket: BreakerTicket,
    ) -> PollStep {
        match FastAttempt::admit::<LOCAL>(bound, policy, ticket) {
            Ok(attempt) => {
                attempt.context().enter();
                self.mode = PollMode::Fast(attempt);
                PollStep::Granted
            }
            Err(Obstacle::NoLocalPermit) => self.admit_fast_with::<false>(bound, policy, ticket),
            Err(Obstacle::Other) => PollStep::NeedsFullCall,
        }
    }

    /// The same under a rate limit. Other settings that rule out the fast path lead to a full call.
    #[inline(never)]
    fn admit_fast_with_slot(
        &mut self,
        bound: &'static BoundSite,
        policy: &'static EffectivePolicy,
    ) -> PollStep {
        let Some(pace) = policy.pace else { return PollStep::NeedsFullCall };
        let Some(ticket) = breaker_check::ticket(bound, policy) else {
            return self.reject_if_open(bound, policy);
        };
        let Some(attempt) = FastAttempt::admit_with_slot(bound, policy, pace, ticket) else {
            return PollStep::NeedsFullCall;
        };
        attempt.context().enter();
        self.mode = PollMode::Fast(attempt);
        PollStep::Granted
    }

    /// Turns a call away whose breaker is not closed, if it is open.
    #[inline(never)]
    fn reject_if_open(&mut self, bound: &'static BoundSite, policy: &'static EffectivePolicy) -> PollStep {
        match breaker_check::reject_if_open(bound, policy) {
            Some(retry_after) => {
                self.mode = PollMode::Refused(Refusal { ending: Ending::CircuitOpen, retry_after });
                PollStep::BreakerOpen
            }
            None => PollStep::NeedsFullCall,
        }
    }

    /// Admits a poll of an attempt of any call, which starts if it has not started.
    #[inline(never)]
    pub(in crate::call) fn admit(
        &mut self,
        state: &mut CallState,
        bound: &'static BoundSite,
        cx: &mut TaskContext<'_>,
    ) -> PollStep {
        if let Some(fast) = state.fast() {
            fast.is_in_body = true;
            // One copy, from where it is in force to where it is kept.
            self.mode = PollMode::Resumed(Context::current());
            fast.context().enter();
            return PollStep::Granted;
        }
        if state.own_deadline().is_some() {
            return self.admit_until(state, bound, cx);
        }
        self.admit_full(state, bound, cx)
    }

    #[inline(never)]
    fn admit_full(
        &mut self,
        state: &mut CallState,
        bound: &'static BoundSite,
        cx: &mut TaskContext<'_>,
    ) -> PollStep {
        let full = state.start_full(bound);
        let step = self.admit_attempt(full, cx);
        if step == PollStep::Granted {
            if full.policy.is_traced {
                full.enter_attempt_span();
                self.mode = PollMode::Traced(full.context.enter());
            } else {
                self.mode = PollMode::Resumed(full.context.enter());
            }
        }
        step
    }

    /// Admits a poll of the copies of an attempt, each within a context of its own: see
    /// [`poll_copy`](Self::poll_copy). All until [`leave_copies`](Self::leave_copies) counts as a part of the bodies: rules,
    /// clones and destructors of the user's run in the middle of it.
    #[inline(never)]
    pub(in crate::call) fn admit_copies(
        &mut self,
        state: &mut CallState,
        bound: &'static BoundSite,
        cx: &mut TaskContext<'_>,
    ) -> PollStep {
        self.admit_attempt(state.start_full(bound), cx)
    }

    #[inline]
    fn admit_attempt(&mut self, full: &mut FullCall, cx: &mut TaskContext<'_>) -> PollStep {
        if full.progress == Progress::Ended {
            // Polled after its end: pending for ever.
            return PollStep::Pending;
        }
        if !full.is_admitted() {
            let admission =
                if full.policy.is_traced { full.poll_traced_admission(cx) } else { full.poll_admission(cx) };
            match admission {
                Admission::Granted => {}
                Admission::Pending => return PollStep::Pending,
                Admission::PassThrough => return PollStep::PassThrough,
                Admission::Refused(refusal) => {
                    self.mode = PollMode::Refused(refusal);
                    return PollStep::Refused;
                }
            }
        }
        full.progress = Progress::InBody;
        PollStep::Granted
    }

    /// Polls one copy within its context, which takes the outcome of the calls inside.
    #[inline]
    pub(in crate::call) fn poll_copy<R>(context: &mut Context, poll: impl FnOnce() -> R) -> R {
        let entered = Entered::new(*context);
        let polled = poll();
        context.inner_outcome = entered.leave();
        polled
    }

    /// The copies are not being polled any more.
    pub(in crate::call) fn leave_copies(&mut self, state: &mut CallState) {
        self.mode = PollMode::Unused;
        if let Some(full) = state.promote()
            && full.progress == Progress::InBody
        {
            full.progress = Progress::Between;
        }
    }
}
