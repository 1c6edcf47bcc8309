//! A call that has gone straight so far goes in; out comes its course, with all that it holds.

use super::holding::Holding;
use super::permit::Permit;
use crate::call::engine::fast::call::Held;
use crate::call::engine::full::call::Course;
use crate::call::engine::full::progress::Progress;

impl Held {
    /// The course of the call, which goes on otherwise.
    pub(in crate::call) fn to_course(&self) -> Course {
        let (leave, has_seat) = (self.leave_if_asked(), self.terms.takes_seat);
        let permit = Permit::running(leave, has_seat, self.has_retry_slot(), self.started);
        let mut course = self.course(Holding::Attempt(permit));
        course.progress = if self.is_in_body { Progress::InBody } else { Progress::Between };
        course.is_late = self.deadline() <= self.timeout();
        course
    }

    /// The course of the call when its attempt is settled, and it holds nothing else than that.
    #[cold]
    pub(in crate::call) fn to_course_after(&self, holding: Holding) -> Course {
        let mut course = self.course(holding);
        course.is_due_at_once = true;
        course.has_paid = true;
        course
    }

    fn course(&self, holding: Holding) -> Course {
        // Nobody has asked when it began, but they may from now on.
        let began = if self.terms.is_timed { self.began } else { self.bound.now() };
        let mut course = Course::begin(self.bound, self.terms, began, self.inside());
        course.attempts = self.attempts;
        course.holding = holding;
        course
    }
}
