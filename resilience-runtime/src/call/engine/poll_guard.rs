//! Leave to poll the body of an attempt once, and what comes of that poll.
//!
//! What depends on the types of an annotated function polls the body; all the rest is here and in [`Course`], compiled
//! once.

use std::task::{Context as TaskContext, Poll};

use super::decision::{Admission, Refusal};
use super::state::Begun;
use super::success::{Booked, time_of_success};
use crate::breaker::Leave;
use crate::call::context::{Context, Given, Report, report_to_outer};
use crate::call::engine::fast::attempt::{Obstacle, Straight};
use crate::call::engine::fast::breaker_check;
use crate::call::engine::fast::call::Held;
use crate::call::engine::full::progress::Progress;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::policy::Terms;
use crate::registry::Bound;

/// What an attempt has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::call) enum Step {
    /// Its body may be polled, within the context that is in force now.
    Granted,
    /// It has to wait.
    Pending,
    /// It is a part of an outer call: whatever the body says stands.
    PassThrough,
    /// The body has failed; it is still for the user's rules to say how.
    Failure,
    /// The time of the attempt is up. The body goes first: what it held must be free when its permit is.
    TimeUp,
    /// There is no attempt, and the call ends; the pass says why.
    Refused,
    /// An open breaker has turned the call away, which has ended before it had a course.
    TurnedAway,
    /// Something else stands in the way: ask about everything.
    Ask,
}

/// Leave to poll a body, with all that is in force meanwhile. Dropped instead of told what came of it, it takes the
/// body to have panicked.
#[derive(Debug)]
pub(in crate::call) struct Pass {
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// There is no leave, or what came of it has been told.
    None,
    /// There is no attempt, for that reason.
    Refused(Refusal),
    /// Nothing is counted and nothing is to be done but to make attempts: not even the clock is asked. Its site is
    /// that of the call.
    Bare(&'static Terms),
    /// A first attempt that has walked in.
    Straight(Straight),
    /// An attempt of a call that has begun, within that context.
    Again(Context),
}

impl Pass {
    /// No leave yet.
    #[inline]
    pub(in crate::call) fn none() -> Self {
        Self { way: Way::None }
    }

    /// Why there is no attempt, after a step that says so.
    #[inline]
    pub(in crate::call) fn refusal(&self) -> Refusal {
        match self.way {
            Way::Refused(refusal) => refusal,
            _ => Ending::DeadlineExceeded.into(),
        }
    }

    /// Asks for leave to poll the first attempt of a call that has not begun. Has nothing changed when it says
    /// [`Step::Ask`].
    #[inline]
    pub(in crate::call) fn walk_in(&mut self, bound: &'static Bound) -> Step {
        let terms = bound.terms();
        if !Context::is_root() || bound.shared().sheds_anything() {
            return Step::Ask;
        }
        if terms.is_bare {
            Context::of_call(bound, terms, Tick(0)).enter();
            self.way = Way::Bare(terms);
            return Step::Granted;
        }
        self.walk_in_with(bound, terms)
    }

    #[inline(never)]
    fn walk_in_with(&mut self, bound: &'static Bound, terms: &'static Terms) -> Step {
        if !terms.is_straight {
            return self.walk_in_by_turn(bound, terms);
        }
        match breaker_check::leave(bound, terms) {
            Some(leave) => self.walk_in_by::<true>(bound, terms, leave),
            None => self.turn_away(bound, terms),
        }
    }

    /// Apart, so that the others need not make room for what this one has to remember.
    #[inline(never)]
    fn walk_in_by<const ASIDE: bool>(
        &mut self,
        bound: &'static Bound,
        terms: &'static Terms,
        leave: Leave,
    ) -> Step {
        match Straight::walk_in::<ASIDE>(bound, terms, leave) {
            Ok(straight) => {
                straight.inside().enter();
                self.way = Way::Straight(straight);
                Step::Granted
            }
            Err(Obstacle::NoSeatAside) => self.walk_in_by::<false>(bound, terms, leave),
            Err(Obstacle::Other) => Step::Ask,
        }
    }

    /// The same under a rate limit. Most others that are not straight have none that is for here.
    #[inline(never)]
    fn walk_in_by_turn(&mut self, bound: &'static Bound, terms: &'static Terms) -> Step {
        let Some(pace) = terms.pace else { return Step::Ask };
        let Some(leave) = breaker_check::leave(bound, terms) else { return self.turn_away(bound, terms) };
        let Some(straight) = Straight::walk_in_by_turn(bound, terms, pace, leave) else { return Step::Ask };
        straight.inside().enter();
        self.way = Way::Straight(straight);
        Step::Granted
    }

    /// Turns a call away whose breaker is not closed, if it is open.
    #[inline(never)]
    fn turn_away(&mut self, bound: &'static Bound, terms: &'static Terms) -> Step {
        match breaker_check::turn_away(bound, terms) {
            Some(retry_after) => {
                self.way = Way::Refused(Refusal { ending: Ending::CircuitOpen, retry_after });
                Step::TurnedAway
            }
            None => Step::Ask,
        }
    }

    /// Asks for leave to poll an attempt of a call, which begins with it if it has not begun.
    #[inline(never)]
    pub(in crate::call) fn ask(
        &mut self,
        begun: &mut Begun,
        bound: &'static Bound,
        cx: &mut TaskContext<'_>,
    ) -> Step {
        if let Some(held) = begun.held() {
            held.is_in_body = true;
            self.way = Way::Again(held.inside().enter());
            return Step::Granted;
        }
        self.ask_course(begun, bound, cx)
    }

    #[inline(never)]
    fn ask_course(&mut self, begun: &mut Begun, bound: &'static Bound, cx: &mut TaskContext<'_>) -> Step {
        let course = begun.course(bound);
        if course.progress == Progress::Ended {
            // Polled after its end: pending for ever.
            return Step::Pending;
        }
        if !course.is_admitted() {
            match course.poll_admission(cx) {
                Admission::Granted => {}
                Admission::Pending => return Step::Pending,
                Admission::PassThrough => return Step::PassThrough,
                Admission::Refused(refusal) => {
                    self.way = Way::Refused(refusal);
                    return Step::Refused;
                }
            }
        }
        course.progress = Progress::InBody;
        self.way = Way::Again(course.inside.enter());
        Step::Granted
    }

    /// The body has given an `Ok` that is wanted. To be called once, and the pass forgotten after it: to take it by
    /// value would be to copy it, and to drop it, to ask it again.
    #[inline]
    pub(in crate::call) fn succeed(&mut self, begun: &mut Begun) {
        if let Way::Bare(..) = self.way {
            Context::ROOT.restore();
        } else {
            self.succeed_otherwise(begun);
        }
    }

    #[inline(never)]
    fn succeed_otherwise(&mut self, begun: &mut Begun) {
        match self.way {
            Way::Straight(_) => self.succeed_straight(begun),
            _ => self.succeed_under_way(begun),
        }
    }

    #[inline(never)]
    fn succeed_straight(&mut self, begun: &mut Begun) {
        let Way::Straight(straight) = &self.way else { return };
        // What the calls inside have said is for failures.
        Context::ROOT.restore();
        let now = straight.now();
        let success = straight.success(now);
        match success.book(now) {
            Booked::Done => {}
            Booked::SeatLeft => {
                self.way = Way::None;
                success.count_beside_seat(success.began(now));
            }
            Booked::Not => self.succeed_in_full(begun, now),
        }
    }

    /// The same where more has to hear of it.
    #[inline(never)]
    fn succeed_in_full(&mut self, begun: &mut Begun, now: Tick) {
        if let Way::Straight(straight) = &self.way {
            let course = straight.hold(Report::default()).to_course();
            self.way = Way::None;
            begun.begin(course).succeed_at(now);
        }
    }

    #[inline(never)]
    fn succeed_under_way(&mut self, begun: &mut Begun) {
        let Way::Again(outer) = &self.way else { return };
        let report = outer.restore();
        self.way = Way::None;
        if let Some(held) = begun.held() {
            held.report = report;
            let now = time_of_success(held.bound, held.terms);
            if let Some(success) = held.success(now) {
                let booked = success.book(now);
                if !matches!(booked, Booked::Not) {
                    if matches!(booked, Booked::SeatLeft) {
                        let started = held.body_began();
                        begun.end();
                        success.count_beside_seat(started);
                    } else {
                        begun.end();
                    }
                    report_to_outer(false, Given::Nothing);
                    return;
                }
            }
        }
        if let Some(course) = begun.under_way() {
            course.inside.report = report;
            course.succeed_in_full();
            begun.disarm();
        }
    }

    /// The body has to wait.
    #[inline(never)]
    pub(in crate::call) fn wait(
        &mut self,
        begun: &mut Begun,
        bound: &'static Bound,
        cx: &mut TaskContext<'_>,
    ) -> Step {
        self.step_out(begun, Some(bound));
        let is_armed = begun.timer().is_some();
        let until = if let Some(held) = begun.held() {
            held.pause();
            if is_armed { None } else { held.time_limit() }
        } else if let Some(course) = begun.under_way() {
            course.pause();
            if is_armed { None } else { course.time_limit() }
        } else {
            return Step::Pending;
        };
        // Armed when it is asked first: most bodies that wait at all are done long before.
        begun.attend(|begun| {
            let timer = begun.timer();
            match (timer.as_mut().map(|timer| timer.poll(cx)), until) {
                (Some(Poll::Ready(())), _) => Step::TimeUp,
                (None, Some(until)) => {
                    *timer = Some(bound.shared().arm(until, cx));
                    Step::Pending
                }
                (Some(Poll::Pending), _) | (None, None) => Step::Pending,
            }
        })
    }

    /// The body has failed. The progress stays within it: what the user's rules say of it is a part of it.
    #[inline(never)]
    pub(in crate::call) fn fail(&mut self, begun: &mut Begun, bound: &'static Bound) -> Step {
        self.step_out(begun, Some(bound));
        begun.disarm();
        Step::Failure
    }

    /// Steps out of the context of the body, which has not succeeded. Without `bound`, a bare call ends with it: it holds
    /// nothing, and nobody counts it.
    #[expect(clippy::inline_always, reason = "each of its three callers needs one of its branches most")]
    #[inline(always)]
    fn step_out(&mut self, begun: &mut Begun, bound: Option<&'static Bound>) {
        match &self.way {
            Way::None | Way::Refused(_) => {}
            Way::Bare(terms) => {
                let report = Context::ROOT.restore();
                if let Some(bound) = bound {
                    begun.hold(Held::first(bound, terms, Leave::default(), Tick(0), report));
                }
            }
            Way::Straight(straight) => {
                begun.hold(straight.hold(Context::ROOT.restore()));
            }
            Way::Again(outer) => {
                let report = outer.restore();
                if let Some(held) = begun.held() {
                    held.report = report;
                } else if let Some(course) = begun.under_way() {
                    course.inside.report = report;
                }
            }
        }
        // Only the word that says which way is written: to take the whole would be to copy it.
        self.way = Way::None;
    }
}

impl Drop for Pass {
    #[inline]
    fn drop(&mut self) {
        if !matches!(self.way, Way::None | Way::Refused(_)) {
            self.unwind();
        }
    }
}

impl Pass {
    /// The body has panicked. What has begun before it finds that it is in its body when it is dropped, as does what
    /// begins here.
    #[cold]
    fn unwind(&mut self) {
        self.step_out(&mut Begun::not(), None);
    }
}
