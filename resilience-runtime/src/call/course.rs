//! How a call goes, apart from the types of its body and its error. Compiled once and not for each annotated
//! function, which would cost compile time, code size and the processor's instruction cache.

use std::pin::Pin;
use std::ptr;

use super::context::{Context, Given, report_to_outer};
use super::desk::{Desk, OwnParts};
use super::permit::Permit;
use super::straight::{Booked, Success};
use super::waiting::Waiting;
use super::{Holding, Progress};
use crate::breaker::Vote;
use crate::classify::CameOut;
use crate::clock::Tick;
use crate::monitor::{AttemptOutcome, CallOutcome};
use crate::policy::{CallRules, Terms};
use crate::priority::Admitted;
use crate::registry::{Bound, Place, Service, Target};

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
    /// What it has begun with.
    pub(super) terms: &'static Terms,
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
    /// Whose error it is that the call keeps.
    pub(super) came_out: CameOut,
    /// The last attempt ran into its timeout.
    pub(super) timed_out: bool,
    /// The timer of the attempt stands for the deadline of the call.
    pub(super) is_late: bool,
    /// It has made its deposit, if it was to make one.
    pub(super) has_paid: bool,
    /// The next attempt is due at once.
    pub(super) is_due_at_once: bool,
    /// The place is that of a partition, which it keeps meanwhile.
    pub(super) is_leased: bool,
}

impl Course {
    /// What holds inside a call that begins outside of everything.
    #[inline]
    pub(super) fn context(bound: &'static Bound, terms: &Terms, started: Tick) -> Context {
        Context {
            deadline: Tick(started.0.saturating_add(terms.deadline_nanos)),
            lineage: bound.service().lineage(),
            importance: terms.importance,
            admitted: terms.admitted,
            depth: 1,
            ..Context::ROOT
        }
    }

    /// A call that begins, in a context for what is inside it.
    #[inline]
    pub(super) fn begin(
        bound: &'static Bound,
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
            waiting: None,
            previous_delay: 0,
            attempts: 0,
            progress: Progress::Between,
            is_cycle: false,
            is_single: false,
            waited: false,
            succeeded: false,
            came_out: CameOut::Own,
            timed_out: false,
            is_late: false,
            has_paid: false,
            is_due_at_once: false,
            is_leased: false,
        }
    }

    /// A call that begins wherever it is: it is counted, unless it is a part of an outer call.
    #[cold]
    pub(super) fn enter(bound: &'static Bound) -> Self {
        let (terms, started) = (bound.terms(), bound.now());
        let mut course = Self::begin(bound, terms, started, Self::context(bound, terms, started));
        course.come_inside(Context::current());
        if course.progress != Progress::PassThrough {
            let books = course.desk().books_here();
            books.counters.call_started(books.by);
        }
        course
    }

    fn come_inside(&mut self, outer: Context) {
        let lineage = self.bound.lineage(outer.lineage);
        let importance = outer.importance.of_call(self.rules().priority);
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

    /// The body waits. A rejection that comes out of it does so in the poll that brought it; what it went on from, it
    /// has dealt with.
    #[inline]
    pub(super) fn pause(&mut self) {
        self.progress = Progress::Between;
        self.inside.report = self.inside.report.dealt_with();
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
        Desk { target: self.target(), terms: self.terms }
    }

    #[inline]
    pub(super) fn rules(&self) -> &'static CallRules {
        self.terms.call
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
        let mut news = None;
        if let Holding::Attempt(permit) = &mut self.holding {
            let time = now.nanos_since(permit.started);
            let vote = Vote::of(false, time >= rules.slow_nanos);
            news = permit.succeed(desk, rules, vote, now, books);
            self.remember(AttemptOutcome::Success, time, now);
        }
        books.deposit(rules, self.attempts, true);
        self.has_paid = true;
        self.tell(news);
        if let Holding::Attempt(permit) = &mut self.holding {
            permit.count_success(books);
        }
        self.succeeded = true;
        self.close(CallOutcome::Success, now, books);
        report_to_outer(false, Given::Nothing);
    }

    /// The body has given an `Ok` that is wanted, of a call that did not go straight.
    pub(super) fn succeed_in_full(&mut self) {
        let now = self.service().now();
        let Some(success) = self.success(now) else { return self.succeed_at(now) };
        let booked = success.book(now);
        if matches!(booked, Booked::Not) {
            return self.succeed_at(now);
        }
        // Before anything that might panic.
        self.holding = Holding::Nothing;
        self.succeeded = true;
        self.progress = Progress::Ended;
        if matches!(booked, Booked::SeatLeft) {
            success.count_beside_seat(success.began(now));
        }
        report_to_outer(false, Given::Nothing);
    }

    /// Its success now, for the current thread; `None` if that has no parts yet, or more has to hear of it.
    #[inline]
    fn success(&self, now: Tick) -> Option<Success> {
        let Holding::Attempt(permit) = &self.holding else { return None };
        let (desk, terms) = (self.desk(), self.terms);
        if terms.call.reads_latency || !ptr::eq(terms.service, desk.service_rules()) {
            return None;
        }
        let parts = OwnParts::of(desk.target, terms)?;
        Some(Success {
            terms,
            target: desk.target,
            parts,
            leave: permit.leave(),
            has_seat: permit.seat.is_some(),
            has_retry_slot: permit.has_retry_slot,
            pays: terms.pays_for(self.attempts),
            attempt_nanos: now.nanos_since(permit.started),
            call_nanos: now.nanos_since(self.started),
        })
    }
}
