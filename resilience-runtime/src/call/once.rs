//! Runs the only attempt of a call that can make no second. In: a body that may consume its arguments. Out: the result of a call of
//! a single attempt.

use std::fmt;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use pin_project_lite::pin_project;

use super::attempt::Attempt;
use super::injection::Slot;
use super::last_outcome::LastOutcome;
use crate::classify::Facts;
use crate::rejection::Rejection;

pin_project! {
    /// The only attempt of a call.
    #[must_use = "futures do nothing unless polled"]
    pub struct Once<'call, F, C, P, R, J, K> {
        #[pin]
        attempt: Attempt<'call, F, C, P, R, J, K>,
    }
}

impl<'call, F, C, P, R, J, K> Once<'call, F, C, P, R, J, K> {
    pub(super) fn new(attempt: Attempt<'call, F, C, P, R, J, K>) -> Self {
        Self { attempt }
    }
}

impl<F, C, P, R, J, T, E, K> Future for Once<'_, F, C, P, R, J, K>
where
    F: Future<Output = Result<T, E>>,
    C: FnMut(&E) -> Facts,
    P: LastOutcome<T, E, Kept = K>,
    R: FnMut(Rejection) -> E,
    J: FnMut(&Slot<'_, T, E>),
{
    type Output = Result<T, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        match ready!(self.project().attempt.poll(cx)) {
            ControlFlow::Break(outcome) => Poll::Ready(outcome),
            ControlFlow::Continue(()) => unreachable!("a call of one attempt plans no other"),
        }
    }
}

impl<F, C, P, R, J, K> fmt::Debug for Once<'_, F, C, P, R, J, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.attempt.fmt(f)
    }
}
