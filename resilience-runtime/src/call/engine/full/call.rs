//! Holds the state of a full call, which is for everything that the fast path does not cover. In: a site and its settings. Out: the
//! state that admission, retry, finish and success work on. Compiled once and not for each annotated function, which would cost
//! compile time, code size and the processor's instruction cache.

use std::pin::Pin;
use std::task::Context as TaskContext;

use super::progress::{Arrival, Copies, LastAttempt, Progress, Scope, TimeLimit};
use crate::breaker::Transition;
use crate::call::context::Context;
use crate::call::engine::foreign_code::{ATTEMPTS_FOR_FREE, OnPanic, is_spent, run_foreign};
use crate::call::engine::holding::Holding;
use crate::call::engine::ledger::AttemptTarget;
use crate::call::engine::permit::Permit;
use crate::call::engine::wait::Wait;
use crate::call::nested::{Nesting, inherit};
use crate::classify::CameOut;
use crate::clock::Tick;
use crate::events::CallStep;
use crate::events::SpanSlot;
use crate::monitor::CallerOutcome;
use crate::policy::{CallRules, EffectivePolicy};
use crate::registry::{BoundSite, PartitionState, Service, Target};

/// A call on the full path, whatever its types.
///
/// It lies in the future of the annotated function for as long as that runs, so what only some calls need, and only
/// while they wait, is in a box.
pub(in crate::call) struct FullCall {
    pub(in crate::call) bound: &'static BoundSite,
    /// Changed by [`move_to`](Self::move_to) alone, together with `scope`.
    pub(in crate::call) partition: &'static PartitionState,
    /// The settings that were in force when it started.
    pub(in crate::call) policy: &'static EffectivePolicy,
    pub(in crate::call) started: Tick,
    /// What holds for the calls inside the body, and for this one.
    pub(in crate::call) context: Context,
    pub(in crate::call) holding: Holding,
    /// Its slot, its bulkhead permit, or the delay before its retry.
    pub(in crate::call) wait: Option<Pin<Box<Wait>>>,
    /// The delay before the last retry, in nanoseconds; counts from the second on.
    pub(in crate::call) previous_delay: u64,
    pub(in crate::call) attempts: u32,
    pub(in crate::call) progress: Progress,
    pub(in crate::call) arrival: Arrival,
    pub(in crate::call) last_attempt: LastAttempt,
    pub(in crate::call) scope: Scope,
    /// What the timer of the attempt under way stands for.
    pub(in crate::call) limit: TimeLimit,
    /// Whose error it is that the call keeps.
    pub(in crate::call) came_out: CameOut,
    /// What its caller sees, unless it succeeds or something else answers.
    pub(in crate::call) seen: CallerOutcome,
    /// Whether attempts may run beside each other.
    pub(in crate::call) copies: Copies,
    /// Where its spans are kept, if it is traced.
    pub(in crate::call) spans: SpanSlot,
}

impl FullCall {
    /// A call that begins, in a context for what is inside it.
    #[inline]
    pub(in crate::call) fn begin(
        bound: &'static BoundSite,
        policy: &'static EffectivePolicy,
        started: Tick,
        context: Context,
    ) -> Self {
        Self {
            bound,
            partition: bound.service().unpartitioned(),
            policy,
            started,
            context,
            holding: Holding::Nothing,
            wait: None,
            previous_delay: 0,
            attempts: 0,
            progress: Progress::Between,
            arrival: Arrival::Direct,
            last_attempt: LastAttempt::None,
            scope: Scope::Service,
            limit: TimeLimit::Attempt,
            came_out: CameOut::Own,
            seen: CallerOutcome::Failure,
            copies: Copies::AsTheSettingsSay,
            spans: SpanSlot::default(),
        }
    }

    /// A call that begins wherever it is: it is counted, unless it is a part of an outer call.
    #[cold]
    pub(in crate::call) fn enter(bound: &'static BoundSite) -> Self {
        let (policy, started) = (bound.policy(), bound.now());
        let own = Context::of_call(bound, policy, started);
        let (context, nesting) = inherit(bound, own, policy.call.priority, Context::current());
        let mut full = Self::begin(bound, policy, started, context);
        match nesting {
            Nesting::OnItsOwn => {}
            Nesting::PassThrough => full.progress = Progress::PassThrough,
            Nesting::RedirectCycle => full.arrival = Arrival::RedirectCycle,
        }
        if full.progress != Progress::PassThrough {
            let local = full.attempt_target().local_counters();
            local.site.call_started(local.by);
            bound.service().step(|| CallStep::CallBegan { function: bound.facts().function });
            if policy.is_observed {
                full.observe(Context::current());
            }
        }
        full
    }

    /// Has it over by then at the latest. A part of an outer call follows that instead.
    pub(in crate::call) fn limit_to(&mut self, deadline: Tick) {
        if let Holding::Observed(shadow) = &mut self.holding {
            shadow.limit_to(deadline);
        } else if !self.is_pass_through() {
            self.context.deadline = self.context.deadline.min(deadline);
        }
    }

    /// The body waits. A rejection that comes out of it does so in the poll that brought it; what it went on from, it
    /// has dealt with.
    #[inline]
    pub(in crate::call) fn pause(&mut self) {
        self.progress = Progress::Between;
        self.context.inner_outcome = self.context.inner_outcome.dealt_with();
    }

    #[inline]
    pub(in crate::call) fn is_pass_through(&self) -> bool {
        self.progress == Progress::PassThrough
    }

    /// Whether nothing acts on it but its body.
    #[inline]
    pub(in crate::call) fn is_observed(&self) -> bool {
        self.policy.is_observed
    }

    /// Whether it comes from within a redirect or fallback of its own site.
    #[inline]
    pub(in crate::call) fn is_cycle(&self) -> bool {
        self.arrival == Arrival::RedirectCycle
    }

    /// Whether the body has given an `Ok` that is wanted.
    pub(in crate::call) fn has_succeeded(&self) -> bool {
        self.last_attempt == LastAttempt::Succeeded
    }

    /// Whether it waited before its first attempt.
    #[inline]
    pub(in crate::call) fn has_waited(&self) -> bool {
        self.arrival == Arrival::AfterWait
    }

    /// Goes by the state of a partition from now on, which is kept for it.
    #[inline]
    pub(in crate::call) fn move_to(&mut self, partition: &'static PartitionState) {
        self.partition = partition;
        self.scope = Scope::Partition;
    }

    /// Whether an attempt has been admitted and is under way.
    #[inline]
    pub(in crate::call) fn is_admitted(&self) -> bool {
        matches!(self.holding, Holding::Attempt(_) | Holding::Copies)
    }

    #[inline]
    pub(in crate::call) fn attempt_target(&self) -> AttemptTarget {
        AttemptTarget { bound: self.bound, target: self.target(), policy: self.policy }
    }

    #[inline]
    pub(in crate::call) fn rules(&self) -> &'static CallRules {
        self.policy.call
    }

    #[inline]
    pub(in crate::call) fn target(&self) -> Target {
        Target::new(self.service(), self.partition)
    }

    #[inline]
    pub(in crate::call) fn service(&self) -> &'static Service {
        self.bound.service()
    }

    /// Hands its permit to the copies of its attempt.
    pub(in crate::call) fn hand_permit_to_copies(&mut self) -> Option<Permit> {
        let permit = self.take_permit();
        if permit.is_some() {
            self.holding = Holding::Copies;
        }
        permit
    }

    pub(in crate::call) fn take_permit(&mut self) -> Option<Permit> {
        if !matches!(self.holding, Holding::Attempt(_)) {
            return None;
        }
        match std::mem::replace(&mut self.holding, Holding::Nothing) {
            Holding::Attempt(permit) => Some(permit),
            _ => None,
        }
    }
}

impl OnPanic for FullCall {
    fn panicked(&mut self) {
        if self.progress == Progress::Between {
            self.progress = Progress::InBody;
        }
    }
}

impl FullCall {
    /// Runs code that calls foreign code.
    #[inline]
    pub(in crate::call) fn run_foreign<R>(&mut self, foreign: impl FnOnce(&mut Self) -> R) -> R {
        run_foreign(self, foreign)
    }

    /// Tells those who listen what the breaker has done.
    #[inline]
    pub(in crate::call) fn tell(&mut self, transition: Option<Transition>) {
        if transition.is_some() {
            self.tell_of_breaker(transition);
        }
    }

    #[cold]
    fn tell_of_breaker(&mut self, transition: Option<Transition>) {
        // An attempt from before the service was only observed.
        if !self.service().policy().is_observed() {
            self.run_foreign(|full| full.target().announce(transition));
        }
    }
}

impl FullCall {
    /// Whether the next attempt, which is due at once, has to wait until the task is polled again. A body that is ready at
    /// once, and fails, would otherwise keep its thread for as many attempts as there are, and no timer of the task could
    /// end that. Outside of tokio, and in `unconstrained`, it never has to.
    #[inline]
    pub(in crate::call) fn yields(&mut self, cx: &mut TaskContext<'_>) -> bool {
        if self.attempts <= ATTEMPTS_FOR_FREE || !self.run_foreign(|_| is_spent(cx)) {
            return false;
        }
        // By then, the last reading of the clock is old.
        self.holding.defer();
        true
    }
}
