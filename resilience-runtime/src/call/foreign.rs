//! Foreign code that runs while a call is polled, outside of its body: wakers, subscribers of `tracing`, traits of the
//! user's types. Should it panic, the call has panicked, as if its body had.
//!
//! Two rules keep that sound. Whatever is taken lies in the call, or in a guard, before foreign code runs: a local that
//! is forgotten by unwinding would be lost for good. And foreign code runs after all that it could interrupt: a result is
//! settled, seats and tokens are back, and only then those who listen are told. What must run while a call is dropped is
//! shielded: a second panic would abort the process.

use std::mem;
use std::task::{Context as TaskContext, Poll};

use tokio::task::coop::poll_proceed;

use super::Progress;
use super::begun::Begun;
use super::course::Course;
use crate::breaker::Transition;

/// Something that is told of a panic, before unwinding drops it.
trait Polled {
    /// Foreign code has panicked in the poll that is under way.
    fn panicked(&mut self);
}

impl Polled for Course {
    fn panicked(&mut self) {
        if self.progress == Progress::Between {
            self.progress = Progress::InBody;
        }
    }
}

impl Polled for Begun {
    fn panicked(&mut self) {
        self.enter_body();
    }
}

/// Tells it when it is dropped, which only unwinding does: nothing is to be done otherwise, not even to remember.
struct Guard<'a, P: Polled>(&'a mut P);

impl<P: Polled> Drop for Guard<'_, P> {
    #[cold]
    fn drop(&mut self) {
        self.0.panicked();
    }
}

#[inline]
fn attend<P: Polled, R>(polled: &mut P, foreign: impl FnOnce(&mut P) -> R) -> R {
    let guard = Guard(polled);
    let done = foreign(guard.0);
    mem::forget(guard);
    done
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

/// How many attempts a call makes at once, the first included, before it takes part in tokio's cooperative budget: what few
/// calls do, and then at length, need not cost all others.
const ATTEMPTS_FOR_FREE: u32 = 3;

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

impl Begun {
    /// The same for a call without a course.
    #[inline]
    pub(super) fn yields(&mut self, cx: &mut TaskContext<'_>) -> bool {
        self.attempts() > ATTEMPTS_FOR_FREE && self.attend(|_| is_spent(cx))
    }
}

/// Takes one unit of tokio's budget; if there is none, the task is woken to get a new one.
#[cold]
fn is_spent(cx: &mut TaskContext<'_>) -> bool {
    match poll_proceed(cx) {
        Poll::Ready(unit) => {
            unit.made_progress();
            false
        }
        Poll::Pending => true,
    }
}

impl Begun {
    /// Runs code that calls foreign code.
    #[inline]
    pub(super) fn attend<R>(&mut self, foreign: impl FnOnce(&mut Self) -> R) -> R {
        attend(self, foreign)
    }
}
