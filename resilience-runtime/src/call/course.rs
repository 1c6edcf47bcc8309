//! How a call goes, apart from the types of its body and its error. Compiled once and not for each annotated
//! function, which would cost compile time, code size and the processor's instruction cache.

use std::pin::Pin;
use std::task::Context as TaskContext;

use super::context::Context;
use super::desk::Desk;
use super::foreign::{ATTEMPTS_FOR_FREE, Polled, attend, is_spent};
use super::holding::Holding;
use super::permit::Permit;
use super::progress::Progress;
use super::waiting::Waiting;
use crate::breaker::Transition;
use crate::classify::CameOut;
use crate::clock::Tick;
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
        let mut course = Self::begin(bound, terms, started, Context::of_call(bound, terms, started));
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
}

impl Polled for Course {
    fn panicked(&mut self) {
        if self.progress == Progress::Between {
            self.progress = Progress::InBody;
        }
    }
}

impl Course {
    /// Runs code that calls foreign code.
    #[inline]
    pub(super) fn attend<R>(&mut self, foreign: impl FnOnce(&mut Self) -> R) -> R {
        attend(self, foreign)
    }

    /// Tells those who listen what the breaker has done.
    #[inline]
    pub(super) fn tell(&mut self, news: Option<Transition>) {
        if news.is_some() {
            self.tell_of_breaker(news);
        }
    }

    #[cold]
    fn tell_of_breaker(&mut self, news: Option<Transition>) {
        self.attend(|course| course.target().announce(news));
    }
}

impl Course {
    /// Whether the next attempt, which is due at once, has to wait until the task is polled again. A body that is ready at
    /// once, and fails, would otherwise keep its thread for as many attempts as there are, and no timer of the task could
    /// end that. Outside of tokio, and in `unconstrained`, it never has to.
    #[inline]
    pub(super) fn yields(&mut self, cx: &mut TaskContext<'_>) -> bool {
        if self.attempts <= ATTEMPTS_FOR_FREE || !self.attend(|_| is_spent(cx)) {
            return false;
        }
        // By then, the last reading of the clock is old.
        self.is_due_at_once = false;
        true
    }
}
