//! Admits the first attempt of a call that has a deadline of its own. In: that call, which has not started. Out: whether its body
//! may be polled; its first attempt takes the fast path where that of a call without one would.

use std::task::Context as TaskContext;

use super::{PollGuard, PollMode, PollStep};
use crate::breaker::BreakerTicket;
use crate::call::context::Context;
use crate::call::engine::fast::attempt::{FastAttempt, Obstacle};
use crate::call::engine::fast::breaker_check;
use crate::call::engine::state::CallState;
use crate::policy::EffectivePolicy;
use crate::registry::BoundSite;

impl PollGuard {
    /// Admits the first attempt of a call that has a deadline of its own. These three end with each other, so that none has to
    /// keep anything meanwhile.
    #[inline(never)]
    pub(super) fn admit_until(
        &mut self,
        state: &mut CallState,
        bound: &'static BoundSite,
        cx: &mut TaskContext<'_>,
    ) -> PollStep {
        let policy = bound.policy();
        // Without times, nothing would notice that the deadline has come.
        if Context::is_root()
            && !bound.shared().sheds_anything()
            && policy.is_timed
            && policy.takes_fast_path
            && let Some(ticket) = breaker_check::ticket(bound, policy)
        {
            return self.admit_fast_until::<true>(state, bound, policy, ticket, cx);
        }
        self.admit_full(state, bound, cx)
    }

    /// The same on the fast path. Nothing is changed unless all is granted.
    #[inline(never)]
    fn admit_fast_until<const LOCAL: bool>(
        &mut self,
        state: &mut CallState,
        bound: &'static BoundSite,
        policy: &'static EffectivePolicy,
        ticket: BreakerTicket,
        cx: &mut TaskContext<'_>,
    ) -> PollStep {
        let started = bound.now();
        let Some(deadline) = state.own_deadline().filter(|deadline| *deadline > started) else {
            return self.admit_full(state, bound, cx);
        };
        match FastAttempt::admit_at::<LOCAL>(bound, policy, ticket, started) {
            Ok(attempt) => {
                // The deadline is in the context alone, where whatever follows the poll reads it: kept with the attempt, it
                // would be one more store for every call.
                let context = attempt.context();
                Context { deadline: deadline.min(context.deadline), ..context }.enter();
                self.mode = PollMode::Fast(attempt);
                state.forget_deadline();
                PollStep::Granted
            }
            Err(Obstacle::NoLocalPermit) => self.admit_fast_until::<false>(state, bound, policy, ticket, cx),
            Err(Obstacle::Other) => self.admit_full(state, bound, cx),
        }
    }
}
