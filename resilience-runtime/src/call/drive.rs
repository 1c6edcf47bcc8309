//! One poll of an attempt, whatever its types: the way in, the body in its context, what comes of it.
//!
//! The body is behind a pointer here. A call through it costs less than this code would in each annotated function,
//! where it would have to be compiled, loaded and predicted each time anew.

use std::task::{Context as TaskContext, Poll, ready};

use super::context::{Context, Entered};
use super::course::Course;
use super::decide::Failure;
use super::permit::Permit;
use super::{Admission, Holding, Next, Progress, Refusal};
use crate::clock::Tick;
use crate::monitor::Counters;
use crate::policy::CallRules;
use crate::registry::Bound;
use crate::shard::{Own, Slot};
use crate::timer::Armed;

/// What one poll of a body came to; whoever polled it has kept the result.
#[derive(Clone, Copy, Debug)]
pub(super) enum Polled {
    /// It has to wait.
    Pending,
    /// It gave an `Ok` that is wanted.
    Success,
    /// It failed.
    Failure,
}

/// What one poll of an attempt came to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// It has to wait.
    Pending,
    /// The call has succeeded.
    Success,
    /// It is a part of an outer call: whatever the body says stands.
    PassThrough,
    /// The body has failed; it is still for the user's rules to say how.
    Failure,
    /// The time of the attempt is up. The body goes first: what it held must be free when its permit is.
    TimeUp,
    /// There is no attempt, and the call ends.
    Refused(Refusal),
}

/// The body of an attempt.
type Body<'a> = &'a mut dyn FnMut(&mut TaskContext<'_>) -> Polled;

impl Course {
    /// Polls an attempt of a call, which begins with it if it has not begun.
    pub(super) fn drive(
        this: &mut Option<Self>,
        bound: &'static Bound,
        timer: &mut Option<Armed>,
        cx: &mut TaskContext<'_>,
        body: Body<'_>,
    ) -> Step {
        if this.is_none()
            && let Some((slot, own)) = Slot::of_owner()
            && Context::is_root()
        {
            let service = bound.service();
            let is_counted = service.registry().counts();
            if !is_counted && let Some(rules) = bare_rules(bound) {
                return Self::run_bare(this, bound, rules, timer, cx, body);
            }
            let counters = if is_counted { service.counters(slot) } else { service.registry().unread(slot) };
            return Self::run(this, bound, (counters, is_counted), slot, own, timer, cx, body);
        }
        this.get_or_insert_with(|| Self::enter(bound)).poll_attempt(timer, cx, body)
    }

    /// The way of nearly every call: it is in no other, nothing stands in its way, and its body is ready at once.
    /// Whatever is not so is left to the code that asks about everything.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "what its one caller has looked up")]
    fn run(
        this: &mut Option<Self>,
        bound: &'static Bound,
        (counters, is_counted): (&Counters, bool),
        slot: Slot,
        own: Own,
        timer: &mut Option<Armed>,
        cx: &mut TaskContext<'_>,
        body: Body<'_>,
    ) -> Step {
        let (call_rules, started) = (bound.rules(), bound.service().now());
        let inside = Self::context(bound, call_rules, started);
        let course = this.insert(Self::begin(bound, call_rules, started, inside));
        course.is_counted = is_counted;
        let target = bound.service().target();
        let (rules, part) = (target.service().rules(), target.part(slot));
        counters.call_started(own);
        if !course.walks_in(target, rules, part) {
            return course.poll_attempt(timer, cx, body);
        }
        let entered = Entered::from_root(course.inside);
        course.progress = Progress::InBody;
        let polled = body(cx);
        course.inside.report = entered.leave();
        if !matches!(polled, Polled::Success) {
            return course.come_back(polled, timer, cx);
        }
        let now = target.service().now();
        if !course.has_run(target, rules, now, part, counters, own) {
            course.succeed_at(now);
        }
        Step::Success
    }

    /// The same where nothing is counted and nothing is to be done but to make attempts: not even the clock is asked.
    #[inline(never)]
    fn run_bare(
        this: &mut Option<Self>,
        bound: &'static Bound,
        rules: &'static CallRules,
        timer: &mut Option<Armed>,
        cx: &mut TaskContext<'_>,
        body: Body<'_>,
    ) -> Step {
        // Done at once, it never asks how long anything took.
        let inside = Self::context(bound, rules, Tick(0));
        let course = this.insert(Self::begin(bound, rules, Tick(0), inside));
        course.is_counted = false;
        course.attempts = 1;
        course.holding = Holding::Attempt(Permit::bare(Tick(0)));
        let entered = Entered::from_root(course.inside);
        course.progress = Progress::InBody;
        let polled = body(cx);
        course.inside.report = entered.leave();
        if !matches!(polled, Polled::Success) {
            // From now on it may be asked, under settings that it did not begin with.
            let now = bound.service().now();
            course.started = now;
            course.holding = Holding::Attempt(Permit::bare(now));
            return course.come_back(polled, timer, cx);
        }
        course.holding = Holding::Nothing;
        course.succeeded = true;
        course.progress = Progress::Ended;
        Step::Success
    }

    /// Polls an attempt, whatever has happened so far.
    #[inline(never)]
    fn poll_attempt(&mut self, timer: &mut Option<Armed>, cx: &mut TaskContext<'_>, body: Body<'_>) -> Step {
        if self.progress == Progress::Ended {
            // Polled after its end: pending for ever.
            return Step::Pending;
        }
        if !self.is_admitted() {
            match self.poll_admission(cx) {
                Admission::Granted => {}
                Admission::Pending => return Step::Pending,
                Admission::PassThrough => return Step::PassThrough,
                Admission::Refused(refusal) => return Step::Refused(refusal),
            }
        }
        let entered = Entered::new(self.inside);
        self.progress = Progress::InBody;
        let polled = body(cx);
        self.inside.report = entered.leave();
        self.come_back(polled, timer, cx)
    }

    #[inline(never)]
    fn come_back(&mut self, polled: Polled, timer: &mut Option<Armed>, cx: &mut TaskContext<'_>) -> Step {
        match polled {
            Polled::Success => {
                self.succeed_in_full();
                Step::Success
            }
            Polled::Pending => self.wait_for_body(timer, cx),
            Polled::Failure => {
                *timer = None;
                Step::Failure
            }
        }
    }

    #[inline]
    fn wait_for_body(&mut self, timer: &mut Option<Armed>, cx: &mut TaskContext<'_>) -> Step {
        self.progress = Progress::Between;
        // A rejection that comes out of the body does so in the poll that brought it; what the body went on
        // from, it has dealt with.
        self.inside.report = self.inside.report.dealt_with();
        match self.poll_time_limit(timer, cx) {
            Poll::Pending => Step::Pending,
            Poll::Ready(()) => Step::TimeUp,
        }
    }

    /// After a failure, or for a body that is gone since its time is up.
    #[cold]
    pub(super) fn go_on_after(&mut self, failure: Failure) -> Next {
        if matches!(failure, Failure::TimedOut) && self.is_late {
            return Next::End(self.abandon_at_deadline());
        }
        self.fail(failure, self.inside.report)
    }

    /// Whether the delay before the next attempt has passed.
    #[cold]
    pub(super) fn poll_delay(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll_timer(cx));
            self.waiting = None;
        }
        Poll::Ready(())
    }
}

/// The rules of a call, if there is nothing to it but its attempts.
#[cold]
fn bare_rules(bound: &Bound) -> Option<&'static CallRules> {
    let (service, rules) = (bound.service(), bound.rules());
    let is_bare = rules.is_bare && service.rules().is_bare && !service.registry().sheds_anything();
    is_bare.then_some(rules)
}
