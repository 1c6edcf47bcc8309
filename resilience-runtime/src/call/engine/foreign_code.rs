//! Runs code of the user's during a poll, so that a panic of it is a panic of the call. In: calls of wakers, subscribers and traits
//! of the user during a poll. Out: the same; one that panics has made the call panic, as if its body had.
//!
//! Two rules keep that sound. Whatever is taken lies in the call, or in a guard, before foreign code runs: a local
//! that is forgotten by unwinding would be lost for good. And foreign code runs after all that it could interrupt: a
//! result is settled, bulkhead permits and tokens are back, and only then those who listen are told. What must run
//! while a call is dropped is shielded: a second panic would abort the process.

use std::mem;
use std::task::{Context as TaskContext, Poll};

use tokio::task::coop::poll_proceed;

/// A state that is told of a panic before unwinding drops it.
pub(in crate::call) trait OnPanic {
    /// Foreign code has panicked in the poll that is under way.
    fn panicked(&mut self);
}

/// Tells it when dropped, which only unwinding does: the usual case costs nothing.
struct Guard<'a, P: OnPanic>(&'a mut P);

impl<P: OnPanic> Drop for Guard<'_, P> {
    #[cold]
    fn drop(&mut self) {
        self.0.panicked();
    }
}

/// Runs code that calls foreign code.
#[inline]
pub(in crate::call) fn run_foreign<P: OnPanic, R>(on_panic: &mut P, foreign: impl FnOnce(&mut P) -> R) -> R {
    let guard = Guard(on_panic);
    let done = foreign(guard.0);
    mem::forget(guard);
    done
}

/// How many attempts a call makes at once, the first included, before it takes part in tokio's cooperative budget: what few
/// calls do, and then at length, need not cost all others.
pub(in crate::call) const ATTEMPTS_FOR_FREE: u32 = 3;

/// Takes one unit of tokio's budget; if there is none, the task is woken to get a new one.
#[cold]
pub(in crate::call) fn is_spent(cx: &mut TaskContext<'_>) -> bool {
    match poll_proceed(cx) {
        Poll::Ready(unit) => {
            unit.made_progress();
            false
        }
        Poll::Pending => true,
    }
}
