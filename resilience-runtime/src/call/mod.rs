//! One annotated call, from entry to outcome.
//!
//! The generated code enters a call at its site and makes attempts in a loop. Each attempt goes through
//!
//! 1. [`gate`]: deadline, shedding, global retry cap, breaker, throttle, rate limit, bulkhead; what it gets is one
//!    [`Permit`],
//! 2. [`attempt`]: the body, under its timer, with a [`Context`] for the calls inside it,
//! 3. [`Call::succeed`], or [`fail`], which settles the permit and decides what is [`Next`],
//! 4. [`end`], which picks the result: the last outcome of an attempt, or a rejection.
//!
//! Around the loop stand [`lookup`] and [`degraded`]: the response cache, and the others that may answer. A call that
//! is dropped on the way is cancelled; its permit and its reservation go back by themselves.

mod attempt;
mod context;
mod decide;
mod degraded;
mod end;
mod entries;
mod fail;
mod gate;
mod hedged;
mod keep;
mod latency;
mod lookup;
mod once;
mod permit;
mod reservation;
mod resilient;
mod scope;
mod steps;
mod within;

use std::pin::Pin;
use std::time::Duration;

use tokio::time::Sleep;

pub use self::attempt::Attempt;
pub(crate) use self::context::Context;
pub use self::degraded::Degraded;
pub use self::keep::{Keep, KeepErrors, RetryIfOk};
pub use self::lookup::Lookup;
pub use self::resilient::{ByHand, ByTrait, Calling, Judge, ResilientCall, resilient_call};
pub use self::scope::{carry_context, current_priority, with_priority};
pub use self::steps::{Judged, Run};
pub use self::within::Within;

use self::context::{Report, report_to_outer};
use self::gate::Gate;
use self::permit::Permit;
use self::reservation::Reservation;
use crate::breaker::Vote;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::monitor::{AttemptOutcome, CallOutcome};
use crate::policy::CallPolicy;
use crate::priority::Importance;
use crate::registry::{Bound, Lease, Lineage, Service, SiteId, Target};
use crate::rejection::Rejection;
use crate::shard::Slot;

/// The state of one call between its attempts.
///
/// `K` is what is kept from a failed attempt: the error, or with `retry_if_ok` the whole result.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one call, not states of a machine"
)]
pub struct Call<K> {
    bound: &'static Bound,
    target: Target,
    policy: &'static CallPolicy,
    started: Tick,
    deadline: Tick,
    lineage: Lineage,
    importance: Importance,
    progress: Progress,
    degrading: Lineage<SiteId>,
    /// A call of a site from within its own redirect or fallback: it is rejected.
    is_cycle: bool,
    /// The body cannot run again.
    is_single: bool,
    /// It has waited for another call before its first attempt.
    waited: bool,
    /// The body has given an `Ok` that is wanted.
    succeeded: bool,
    /// What the calls inside the attempt have said so far.
    report: Report,
    attempts: u32,
    previous_delay: Duration,
    last: Option<K>,
    timed_out: bool,
    gate: Gate,
    permit: Option<Permit>,
    reservation: Option<Reservation>,
    /// How long until the breaker might let a call through, when it turned this one away.
    retry_after: Option<Duration>,
    /// Keeps the partition that the target is of. The last field, so that it goes after all that is given back to it.
    lease: Option<Lease>,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// Inside another call of the same service: it has no state of its own.
    PassThrough,
    /// No body is being polled.
    Between,
    /// A body is being polled. In `drop`, that means that it panicked.
    InBody,
    /// It is counted, and holds nothing.
    Ended,
}

/// The one timer of an attempt: for its wait to start, then for its timeout.
type Timer<'a> = Pin<&'a mut Option<Sleep>>;

/// What follows a failed attempt.
enum Next {
    /// Another attempt, at once.
    Now,
    /// Another attempt, after a delay.
    After(Duration),
    /// Nothing.
    End(Ending),
}

/// How long the body may still run.
struct TimeLeft {
    left: Duration,
    /// Whether the deadline comes before the attempt timeout.
    of_deadline: bool,
}

impl<K> Call<K> {
    #[inline]
    pub(crate) fn enter(bound: &'static Bound) -> Self {
        let outer = Context::current();
        let target = bound.service().target();
        let service = target.service();
        let policy = bound.policy();
        let lineage = bound.lineage(outer.lineage);
        let is_cycle = bound.is_cycle(outer.degrading);
        let pass_through = lineage.is_none() && !is_cycle;
        let started = service.now();
        let own_deadline = policy.deadline.map_or(Tick::MAX, |time| started.plus(time));
        if !pass_through {
            let slot = Slot::current();
            service.counters(slot).call_started(slot);
        }
        Self {
            bound,
            target,
            policy,
            started,
            deadline: own_deadline.min(outer.deadline),
            lineage: lineage.unwrap_or(outer.lineage),
            importance: outer.importance.of_call(policy.priority),
            progress: if pass_through { Progress::PassThrough } else { Progress::Between },
            degrading: outer.degrading,
            is_cycle,
            is_single: bound.facts().degradation_only,
            lease: None,
            waited: false,
            succeeded: false,
            report: Report::default(),
            attempts: 0,
            previous_delay: policy.backoff.base_delay,
            last: None,
            timed_out: false,
            gate: Gate::Free,
            permit: None,
            reservation: None,
            retry_after: None,
        }
    }

    /// Makes one attempt: `Break` with the outcome of the call, or `Continue` when another is due.
    #[inline]
    pub fn attempt<F, J, P, R, T, E>(
        &mut self,
        body: F,
        judge: J,
        keep: P,
        carry: R,
    ) -> Attempt<'_, F, J, P, R, K>
    where
        F: Future<Output = Result<T, E>>,
        J: FnMut(&E) -> crate::classify::Facts,
        P: Keep<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
    {
        Attempt::new(self, body, judge, keep, carry)
    }

    #[inline]
    fn is_pass_through(&self) -> bool {
        self.progress == Progress::PassThrough
    }

    #[inline]
    fn is_admitted(&self) -> bool {
        self.permit.as_ref().is_some_and(Permit::is_running)
    }

    /// What holds for the calls inside the body.
    #[inline]
    fn inner_context(&self) -> Context {
        Context {
            deadline: self.deadline,
            lineage: self.lineage,
            importance: self.importance,
            admitted: Some(self.importance.priority()),
            degrading: self.degrading,
            report: self.report,
        }
    }

    #[inline]
    fn service(&self) -> &'static Service {
        self.target.service()
    }

    /// Whether the process is under pressure and the call not important enough. What was admitted further out is
    /// not thrown away halfway, unless this part of it matters less than the whole.
    #[inline]
    fn is_shed(&self) -> bool {
        let priority = self.importance.priority();
        self.service().registry().sheds(priority)
            && Context::current().admitted.is_none_or(|outer| priority < outer)
    }

    /// How long the body may still run, if anything limits it.
    fn time_left(&self) -> Option<TimeLeft> {
        if self.is_pass_through() {
            return None;
        }
        let started = self.permit.as_ref().map_or(self.started, |permit| permit.started);
        let timeout = self.attempt_timeout().map_or(Tick::MAX, |time| started.plus(time));
        let until = timeout.min(self.deadline);
        (until != Tick::MAX).then(|| TimeLeft {
            left: until.since(self.service().now()),
            of_deadline: self.deadline <= timeout,
        })
    }

    /// The body returned an `Ok` that is wanted.
    #[inline]
    fn succeed(&mut self) {
        let now = self.service().now();
        let slot = Slot::current();
        let settings = self.service().policy();
        // Settled where it is: to take it out would copy it for nothing.
        if let Some(permit) = &mut self.permit {
            let time = now.since(permit.started);
            permit.settle(
                settings,
                Vote::of(false, settings.is_slow(time)),
                AttemptOutcome::Success,
                now,
                slot,
            );
            self.remember(AttemptOutcome::Success, time, now, slot);
        }
        self.deposit(settings, true, slot);
        self.succeeded = true;
        self.close(CallOutcome::Success, now, slot);
        report_to_outer(false, false);
    }
}
