//! How a call goes, apart from the types of its body and its error. Compiled once and not for each annotated
//! function, which would cost compile time, code size and the processor's instruction cache.

use std::pin::Pin;

use super::context::{Context, report_to_outer};
use super::permit::{Desk, Permit};
use super::waiting::Waiting;
use super::{Holding, Progress};
use crate::breaker::Vote;
use crate::bulkhead::Seat;
use crate::clock::Tick;
use crate::monitor::{AttemptOutcome, CallOutcome, Counters};
use crate::policy::{CallRules, ServiceRules};
use crate::priority::Admitted;
use crate::registry::{Bound, Part, Place, Service, Target};
use crate::shard::{Own, Slot};

/// The state of a call whatever its types.
///
/// It lies in the future of the annotated function for as long as that runs, so what only some calls need, and only
/// while they wait, is in a box.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one call, not states of a machine"
)]
pub(super) struct Course {
    pub(super) bound: &'static Bound,
    pub(super) place: &'static Place,
    pub(super) rules: &'static CallRules,
    pub(super) started: Tick,
    /// What holds for the calls inside the body, and for this one.
    pub(super) inside: Context,
    pub(super) holding: Holding,
    /// Its turn, its seat, or the delay before its retry.
    pub(super) waiting: Option<Pin<Box<Waiting>>>,
    /// The delay before the last retry, in nanoseconds; counts from the second on.
    pub(super) previous_delay: u64,
    pub(super) attempts: u32,
    pub(super) progress: Progress,
    /// A call of a site from within its own redirect or fallback: it is rejected.
    pub(super) is_cycle: bool,
    /// The body cannot run again, as its site did not say beforehand.
    pub(super) is_single: bool,
    /// It has waited for another call before its first attempt, or at the gate.
    pub(super) waited: bool,
    /// The body has given an `Ok` that is wanted.
    pub(super) succeeded: bool,
    /// The last attempt ran into its timeout.
    pub(super) timed_out: bool,
    /// The timer of the attempt stands for the deadline of the call.
    pub(super) is_late: bool,
    /// The next attempt is due at once.
    pub(super) is_due_at_once: bool,
    /// The place is that of a partition, which it keeps meanwhile.
    pub(super) is_leased: bool,
    /// It is counted, which is settled when it begins.
    pub(super) is_counted: bool,
}

impl Course {
    /// What holds inside a call that begins outside of everything.
    #[inline]
    pub(super) fn context(bound: &'static Bound, rules: &CallRules, started: Tick) -> Context {
        Context {
            deadline: Tick(started.0.saturating_add(rules.deadline_nanos)),
            lineage: bound.service().lineage(),
            importance: rules.importance,
            admitted: rules.admitted,
            ..Context::ROOT
        }
    }

    /// A call that begins, in a context for what is inside it.
    #[inline]
    pub(super) fn begin(
        bound: &'static Bound,
        rules: &'static CallRules,
        started: Tick,
        inside: Context,
    ) -> Self {
        Self {
            bound,
            place: bound.service().place(),
            rules,
            started,
            inside,
            holding: Holding::Nothing,
            waiting: None,
            previous_delay: 0,
            attempts: 0,
            progress: Progress::Between,
            is_cycle: false,
            is_single: false,
            waited: false,
            succeeded: false,
            timed_out: false,
            is_late: false,
            is_due_at_once: false,
            is_leased: false,
            is_counted: true,
        }
    }

    /// A call that begins wherever it is: it is counted, unless it is a part of an outer call.
    #[cold]
    pub(super) fn enter(bound: &'static Bound) -> Self {
        let (rules, started) = (bound.rules(), bound.service().now());
        let mut course = Self::begin(bound, rules, started, Self::context(bound, rules, started));
        course.come_inside(Context::current());
        course.is_counted = bound.service().registry().counts();
        if course.progress != Progress::PassThrough {
            let books = course.desk().books_here();
            books.counters.call_started(books.by);
        }
        course
    }

    fn come_inside(&mut self, outer: Context) {
        let lineage = self.bound.lineage(outer.lineage);
        let importance = outer.importance.of_call(self.rules.priority);
        self.is_cycle = self.bound.is_cycle(outer.degrading);
        self.inside = Context {
            deadline: self.inside.deadline.min(outer.deadline),
            lineage: lineage.unwrap_or(outer.lineage),
            degrading: outer.degrading,
            importance,
            admitted: Admitted::with(importance),
            ..self.inside
        };
        if lineage.is_none() && !self.is_cycle {
            self.progress = Progress::PassThrough;
        }
    }

    #[inline]
    pub(super) fn is_pass_through(&self) -> bool {
        self.progress == Progress::PassThrough
    }

    #[inline]
    pub(super) fn is_admitted(&self) -> bool {
        matches!(self.holding, Holding::Attempt(_))
    }

    #[inline]
    pub(super) fn desk(&self) -> Desk {
        Desk { target: self.target(), rules: self.rules, is_counted: self.is_counted }
    }

    #[inline]
    pub(super) fn target(&self) -> Target {
        Target::new(self.service(), self.place)
    }

    #[inline]
    pub(super) fn service(&self) -> &'static Service {
        self.bound.service()
    }

    pub(super) fn take_permit(&mut self) -> Option<Permit> {
        if !self.is_admitted() {
            return None;
        }
        match std::mem::replace(&mut self.holding, Holding::Nothing) {
            Holding::Attempt(permit) => Some(permit),
            _ => None,
        }
    }

    /// The body returned an `Ok` that is wanted.
    pub(super) fn succeed(&mut self) {
        self.succeed_at(self.service().now());
    }

    #[inline(never)]
    pub(super) fn succeed_at(&mut self, now: Tick) {
        let desk = self.desk();
        let rules = desk.service_rules();
        let books = desk.books_here();
        if let Holding::Attempt(permit) = &mut self.holding {
            let time = now.nanos_since(permit.started);
            let vote = Vote::of(false, time >= rules.slow_nanos);
            permit.settle(desk, rules, vote, AttemptOutcome::Success, now, books);
            self.remember(AttemptOutcome::Success, time, now);
        }
        self.deposit(rules, true, books);
        self.succeeded = true;
        self.close(CallOutcome::Success, now, books);
        report_to_outer(false, false);
    }

    /// Does the same for a first attempt, if nobody but its counters and a window has to hear of it. `false`, and
    /// nothing is done, for any other.
    #[expect(
        clippy::inline_always,
        reason = "the way of nearly every call: out of line it costs 20 instructions more"
    )]
    #[inline(always)]
    pub(super) fn has_run(
        &mut self,
        target: Target,
        rules: &ServiceRules,
        now: Tick,
        part: &Part,
        counters: &Counters,
        own: Own,
    ) -> bool {
        let Holding::Attempt(permit) = &self.holding else { return false };
        let time = now.nanos_since(permit.started);
        let desk = Desk { target, rules: self.rules, is_counted: self.is_counted };
        if time >= rules.slow_nanos || !permit.counts_success(desk, rules, now, part, own) {
            return false;
        }
        let has_seat = permit.seat.is_some();
        self.holding = Holding::Nothing;
        self.succeeded = true;
        self.progress = Progress::Ended;
        if has_seat {
            target.release(Seat::granted(), rules, part);
        }
        if rules.pays_for_success {
            part.deposit(own);
        }
        counters.attempt(AttemptOutcome::Success, own);
        counters.call_ended(CallOutcome::Success, now.nanos_since(self.started), own);
        true
    }

    /// The body has given an `Ok` that is wanted, and the attempt has not walked in and out within one poll.
    pub(super) fn succeed_in_full(&mut self) {
        let now = self.service().now();
        if self.attempts == 1
            && !self.rules.reads_latency
            && let Some((_, own)) = Slot::of_owner()
        {
            let desk = self.desk();
            let books = desk.books_here();
            if self.has_run(desk.target, desk.service_rules(), now, books.part, books.counters, own) {
                report_to_outer(false, false);
                return;
            }
        }
        self.succeed_at(now);
    }
}
