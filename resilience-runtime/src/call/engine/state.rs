//! How far a call is from one poll to the next: it has not begun, it has gone straight so far, or it has a course.

use std::mem::ManuallyDrop;
use std::task::Context as TaskContext;

use super::failure::Failure;
use super::foreign_code::{ATTEMPTS_FOR_FREE, Polled, attend, is_spent};
use crate::bulkhead::Seat;
use crate::call::context::Report;
use crate::call::engine::fast::call::{Held, Sequel};
use crate::call::engine::full::call::Course;
use crate::call::engine::full::progress::Progress;
use crate::ending::Ending;
use crate::registry::Bound;
use crate::timer::Armed;
use crate::wakers::shielded;

/// What a call is between two polls: the only place for a [`Held`], a [`Course`] and the timer of their attempt, as it
/// sees to their end.
///
/// Most calls have none of these when they are dropped, and whoever drops them is code of each annotated function. So
/// that code asks one thing, and the rest is here once.
pub(in crate::call) struct Begun {
    state: State,
    // Armed once the body has had to wait: most that do are done long before it goes off, and the others pay nothing
    // for it. Never armed in a call that has not begun, and so not asked for when that is dropped.
    timer: ManuallyDrop<Option<Armed>>,
}

enum State {
    /// It has not begun, or has gone straight to its end.
    Not,
    /// It is in an attempt, and has gone straight so far.
    Held(Held),
    /// Anything else. Not dropped by itself, or each change of this would have to ask whether there is one.
    Course(ManuallyDrop<Course>),
}

impl Begun {
    #[inline]
    pub(in crate::call) fn not() -> Self {
        Self { state: State::Not, timer: ManuallyDrop::new(None) }
    }

    #[inline]
    pub(in crate::call) fn is_not(&self) -> bool {
        matches!(self.state, State::Not)
    }

    /// Its course, if it has one.
    #[inline]
    pub(in crate::call) fn get(&self) -> Option<&Course> {
        match &self.state {
            State::Course(course) => Some(course),
            State::Not | State::Held(_) => None,
        }
    }

    /// How many attempts it has begun, as far as it has noted that.
    pub(in crate::call) fn attempts(&self) -> u32 {
        match &self.state {
            State::Not => 0,
            State::Held(held) => held.attempts,
            State::Course(course) => course.attempts,
        }
    }

    /// What it holds, if it has gone straight so far.
    #[inline]
    pub(in crate::call) fn held(&mut self) -> Option<&mut Held> {
        match &mut self.state {
            State::Held(held) => Some(held),
            State::Not | State::Course(_) => None,
        }
    }

    /// The course of a call, which begins if it has not begun.
    #[inline]
    pub(in crate::call) fn course(&mut self, bound: &'static Bound) -> &mut Course {
        if self.is_not() {
            self.enter(bound);
        }
        match self.under_way() {
            Some(course) => course,
            None => unreachable!("it has just begun"),
        }
    }

    #[inline(never)]
    fn enter(&mut self, bound: &'static Bound) {
        self.state = State::Course(ManuallyDrop::new(Course::enter(bound)));
    }

    /// Gives a call a course that has gone straight so far.
    #[inline(never)]
    fn take_course(&mut self) {
        if let State::Held(held) = &self.state {
            self.state = State::Course(ManuallyDrop::new(held.to_course()));
        }
    }

    /// The course of a call that has begun.
    #[inline]
    pub(in crate::call) fn under_way(&mut self) -> Option<&mut Course> {
        if matches!(self.state, State::Held(_)) {
            self.take_course();
        }
        match &mut self.state {
            State::Course(course) => Some(course),
            State::Not | State::Held(_) => None,
        }
    }

    /// The call goes on in a course, or ends in one.
    #[inline]
    pub(in crate::call) fn begin(&mut self, course: Course) -> &mut Course {
        debug_assert!(self.is_not(), "what it holds would be lost");
        self.state = State::Course(ManuallyDrop::new(course));
        match &mut self.state {
            State::Course(course) => course,
            State::Not | State::Held(_) => unreachable!("it has just been given one"),
        }
    }

    /// The first attempt goes on beyond its poll.
    #[inline]
    pub(in crate::call) fn hold(&mut self, held: Held) {
        debug_assert!(self.is_not(), "what it holds would be lost");
        self.state = State::Held(held);
    }

    /// The timer of the attempt under way, for whoever has begun it.
    #[inline]
    pub(in crate::call) fn timer(&mut self) -> &mut Option<Armed> {
        &mut self.timer
    }

    /// The attempt is not under way any more, or its time is up.
    #[inline]
    pub(in crate::call) fn disarm(&mut self) {
        *self.timer = None;
    }

    /// The body is being polled, or other code that is not ours: if it is dropped now, that has panicked.
    pub(in crate::call) fn enter_body(&mut self) {
        match &mut self.state {
            State::Held(held) => held.is_in_body = true,
            State::Course(course) if course.progress == Progress::Between => {
                course.progress = Progress::InBody;
            }
            State::Not | State::Course(_) => {}
        }
    }

    /// The body is not being polled any more. Gives back what the calls inside it have said.
    #[inline]
    pub(in crate::call) fn leave_body(&mut self) -> Report {
        match &mut self.state {
            State::Not => Report::default(),
            State::Held(held) => {
                held.is_in_body = false;
                held.report
            }
            State::Course(course) => {
                course.progress = Progress::Between;
                course.inside.report
            }
        }
    }

    /// After a failure: settles the attempt, and says what follows if that is an attempt at once, or none after all.
    /// `None`, and nothing is changed, if that is for the course to find out. Not for a body that cannot run again.
    #[inline(never)]
    pub(in crate::call) fn try_again(&mut self, failure: Failure) -> Option<Result<(), Ending>> {
        // The course has something to tell of it.
        if failure.client() != 0 {
            return None;
        }
        let State::Held(held) = &mut self.state else { return None };
        let Sequel::Course { next, holding, has_seat, news } = held.try_again(failure)? else {
            return Some(Ok(()));
        };
        let (course, started) = (held.to_course_after(holding), held.started);
        let target = course.target();
        self.state = State::Course(ManuallyDrop::new(course));
        if has_seat {
            target.give_back_seat(Seat::granted(), started);
        }
        if let State::Course(course) = &mut self.state {
            course.tell(news);
            if next.is_ok() {
                course.tell_of_retry(0, failure);
            }
        }
        Some(next)
    }

    /// What it held has been given back.
    #[inline]
    pub(in crate::call) fn end(&mut self) {
        debug_assert!(!matches!(self.state, State::Course(_)), "a course ends by itself");
        // First: there is nothing left to give back, should letting go of the timer panic.
        self.state = State::Not;
        self.disarm();
    }
}

impl Drop for Begun {
    #[inline]
    fn drop(&mut self) {
        if !self.is_not() {
            self.let_go();
        }
    }
}

impl Begun {
    #[inline(never)]
    fn let_go(&mut self) {
        if let Some(course) = self.under_way() {
            course.let_go();
            // Timers have wakers, whose destructors are foreign code; and this may be unwinding.
            shielded(|| course.waiting = None);
        }
        shielded(|| self.disarm());
    }
}

impl Polled for Begun {
    fn panicked(&mut self) {
        self.enter_body();
    }
}

impl Begun {
    /// Runs code that calls foreign code.
    #[inline]
    pub(in crate::call) fn attend<R>(&mut self, foreign: impl FnOnce(&mut Self) -> R) -> R {
        attend(self, foreign)
    }
}

impl Begun {
    /// The same for a call without a course.
    #[inline]
    pub(in crate::call) fn yields(&mut self, cx: &mut TaskContext<'_>) -> bool {
        self.attempts() > ATTEMPTS_FOR_FREE && self.attend(|_| is_spent(cx))
    }
}
