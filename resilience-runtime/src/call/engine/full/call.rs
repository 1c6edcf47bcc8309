//! How a call goes, apart from the types of its body and its error. Compiled once and not for each annotated
//! function, which would cost compile time, code size and the processor's instruction cache.

use std::pin::Pin;
use std::task::Context as TaskContext;

use super::progress::Progress;
use crate::breaker::Transition;
use crate::call::context::Context;
use crate::call::engine::foreign_code::{ATTEMPTS_FOR_FREE, Polled, attend, is_spent};
use crate::call::engine::holding::Holding;
use crate::call::engine::ledger::AttemptTarget;
use crate::call::engine::permit::Permit;
use crate::call::engine::wait::Wait;
use crate::classify::CameOut;
use crate::clock::Tick;
use crate::monitor::CallerOutcome;
use crate::policy::{CallRules, Terms};
use crate::priority::Admitted;
use crate::registry::{BoundSite, PartitionState, Service, Target};

/// The state of a call whatever its types.
///
/// It lies in the future of the annotated function for as long as that runs, so what only some calls need, and only
/// while they wait, is in a box.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one call, not states of a machine"
)]
pub(in crate::call) struct FullCall {
    pub(in crate::call) bound: &'static BoundSite,
    pub(in crate::call) place: &'static PartitionState,
    /// What it has begun with.
    pub(in crate::call) terms: &'static Terms,
    pub(in crate::call) started: Tick,
    /// What holds for the calls inside the body, and for this one.
    pub(in crate::call) inside: Context,
    pub(in crate::call) holding: Holding,
    /// Its turn, its seat, or the delay before its retry.
    pub(in crate::call) wait: Option<Pin<Box<Wait>>>,
    /// The delay before the last retry, in nanoseconds; counts from the second on.
    pub(in crate::call) previous_delay: u64,
    pub(in crate::call) attempts: u32,
    pub(in crate::call) progress: Progress,
    /// A call of a site from within its own redirect or fallback: it is rejected.
    pub(in crate::call) is_cycle: bool,
    /// The body cannot run again, as its site did not say beforehand.
    pub(in crate::call) is_single: bool,
    /// It has waited for another call before its first attempt, or at the gate.
    pub(in crate::call) waited: bool,
    /// The body has given an `Ok` that is wanted.
    pub(in crate::call) succeeded: bool,
    /// Whose error it is that the call keeps.
    pub(in crate::call) came_out: CameOut,
    /// What its caller sees, unless it succeeds or something else answers.
    pub(in crate::call) seen: CallerOutcome,
    /// The last attempt ran into its timeout.
    pub(in crate::call) timed_out: bool,
    /// The timer of the attempt stands for the deadline of the call.
    pub(in crate::call) is_late: bool,
    /// It has made its deposit, if it was to make one.
    pub(in crate::call) has_paid: bool,
    /// The next attempt is due at once.
    pub(in crate::call) is_due_at_once: bool,
    /// The place is that of a partition, which it keeps meanwhile.
    pub(in crate::call) is_leased: bool,
}

impl FullCall {
    /// A call that begins, in a context for what is inside it.
    #[inline]
    pub(in crate::call) fn begin(
        bound: &'static BoundSite,
        terms: &'static Terms,
        started: Tick,
        inside: Context,
    ) -> Self {
        Self {
            bound,
            place: bound.service().place(),
            terms,
            started,
            inside,
            holding: Holding::Nothing,
            wait: None,
            previous_delay: 0,
            attempts: 0,
            progress: Progress::Between,
            is_cycle: false,
            is_single: false,
            waited: false,
            succeeded: false,
            came_out: CameOut::Own,
            seen: CallerOutcome::Failure,
            timed_out: false,
            is_late: false,
            has_paid: false,
            is_due_at_once: false,
            is_leased: false,
        }
    }

    /// A call that begins wherever it is: it is counted, unless it is a part of an outer call.
    #[cold]
    pub(in crate::call) fn enter(bound: &'static BoundSite) -> Self {
        let (terms, started) = (bound.terms(), bound.now());
        let mut full = Self::begin(bound, terms, started, Context::of_call(bound, terms, started));
        full.come_inside(Context::current());
        if full.progress != Progress::PassThrough {
            let local = full.attempt_target().local_counters();
            local.counters.call_started(local.by);
        }
        full
    }

    fn come_inside(&mut self, outer: Context) {
        let call_path = self.bound.call_path(outer.call_path);
        let importance = outer.importance.of_call(self.rules().priority);
        self.is_cycle = self.bound.is_cycle(outer.degrading);
        self.inside = Context {
            deadline: self.inside.deadline.min(outer.deadline),
            call_path: call_path.unwrap_or(outer.call_path),
            degrading: outer.degrading,
            importance,
            admitted: Admitted::with(importance),
            ..self.inside
        };
        if call_path.is_none() && !self.is_cycle {
            self.progress = Progress::PassThrough;
        }
    }

    /// The body waits. A rejection that comes out of it does so in the poll that brought it; what it went on from, it
    /// has dealt with.
    #[inline]
    pub(in crate::call) fn pause(&mut self) {
        self.progress = Progress::Between;
        self.inside.report = self.inside.report.dealt_with();
    }

    #[inline]
    pub(in crate::call) fn is_pass_through(&self) -> bool {
        self.progress == Progress::PassThrough
    }

    #[inline]
    pub(in crate::call) fn is_admitted(&self) -> bool {
        matches!(self.holding, Holding::Attempt(_))
    }

    #[inline]
    pub(in crate::call) fn attempt_target(&self) -> AttemptTarget {
        AttemptTarget { target: self.target(), terms: self.terms }
    }

    #[inline]
    pub(in crate::call) fn rules(&self) -> &'static CallRules {
        self.terms.call
    }

    #[inline]
    pub(in crate::call) fn target(&self) -> Target {
        Target::new(self.service(), self.place)
    }

    #[inline]
    pub(in crate::call) fn service(&self) -> &'static Service {
        self.bound.service()
    }

    pub(in crate::call) fn take_permit(&mut self) -> Option<Permit> {
        if !self.is_admitted() {
            return None;
        }
        match std::mem::replace(&mut self.holding, Holding::Nothing) {
            Holding::Attempt(permit) => Some(permit),
            _ => None,
        }
    }
}

impl Polled for FullCall {
    fn panicked(&mut self) {
        if self.progress == Progress::Between {
            self.progress = Progress::InBody;
        }
    }
}

impl FullCall {
    /// Runs code that calls foreign code.
    #[inline]
    pub(in crate::call) fn attend<R>(&mut self, foreign: impl FnOnce(&mut Self) -> R) -> R {
        attend(self, foreign)
    }

    /// Tells those who listen what the breaker has done.
    #[inline]
    pub(in crate::call) fn tell(&mut self, news: Option<Transition>) {
        if news.is_some() {
            self.tell_of_breaker(news);
        }
    }

    #[cold]
    fn tell_of_breaker(&mut self, news: Option<Transition>) {
        self.attend(|full| full.target().announce(news));
    }
}

impl FullCall {
    /// Whether the next attempt, which is due at once, has to wait until the task is polled again. A body that is ready at
    /// once, and fails, would otherwise keep its thread for as many attempts as there are, and no timer of the task could
    /// end that. Outside of tokio, and in `unconstrained`, it never has to.
    #[inline]
    pub(in crate::call) fn yields(&mut self, cx: &mut TaskContext<'_>) -> bool {
        if self.attempts <= ATTEMPTS_FOR_FREE || !self.attend(|_| is_spent(cx)) {
            return false;
        }
        // By then, the last reading of the clock is old.
        self.is_due_at_once = false;
        true
    }
}
