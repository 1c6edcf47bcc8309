//! Runs the fallbacks of a handle for a failed call; their order is in `fallback_chain`. In: the outcome of the call. Out: the
//! outcome after its fallbacks. It holds the state of that, which generated code keeps in its own future.
//!
//! The fallbacks are a type, so that a call without any holds nothing for them.

use std::convert::Infallible;
use std::fmt;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use pin_project_lite::pin_project;

use super::fallback_chain::{FallbackChain, NoFallback};
use crate::call::call::Call;
use crate::call::degradation::degraded::Degraded;
use crate::source::Source;

/// What happens to a failed call.
pub trait FailureHandling<T, E> {
    /// A failure that is to be answered for.
    #[doc(hidden)]
    type Failed;

    /// `Break` with an outcome that stands.
    #[doc(hidden)]
    fn degrade<K>(call: &Call<K>, outcome: Result<T, E>) -> ControlFlow<Result<T, E>, Self::Failed>;

    /// The failure for which fallbacks are being asked.
    #[doc(hidden)]
    fn asked(self: Pin<&mut Self>) -> Option<Self::Failed>;

    /// Asks the fallbacks, until the call ends.
    #[doc(hidden)]
    fn ask(self: Pin<&mut Self>, failed: Self::Failed, cx: &mut TaskContext<'_>) -> Poll<Result<T, E>>;
}

pin_project! {
    /// Fallbacks answer for it.
    pub struct WithFallbacks<E, S> {
        // While fallbacks are being asked; gone if foreign code has panicked.
        failed: Option<Degraded<E>>,
        is_agreed: bool,
        #[pin]
        fallbacks: S,
    }
}

impl<E, S> WithFallbacks<E, S> {
    pub(super) fn new(fallbacks: S) -> Self {
        Self { failed: None, is_agreed: false, fallbacks }
    }
}

/// The fallbacks of a call, to which one more is added.
pub trait ExtendFallbacks {
    /// The fallbacks so far.
    type Chain;

    #[doc(hidden)]
    fn fallbacks(self) -> Self::Chain;
}

impl ExtendFallbacks for NoFallback {
    type Chain = Self;

    fn fallbacks(self) -> Self {
        self
    }
}

impl<E, S> ExtendFallbacks for WithFallbacks<E, S> {
    type Chain = S;

    fn fallbacks(self) -> S {
        self.fallbacks
    }
}

impl<T, E> FailureHandling<T, E> for NoFallback {
    type Failed = Infallible;

    #[inline]
    fn degrade<K>(call: &Call<K>, outcome: Result<T, E>) -> ControlFlow<Result<T, E>, Infallible> {
        if outcome.is_err() {
            call.count_unanswered();
        }
        ControlFlow::Break(outcome)
    }

    #[inline]
    fn asked(self: Pin<&mut Self>) -> Option<Infallible> {
        None
    }

    #[inline]
    fn ask(self: Pin<&mut Self>, failed: Infallible, _: &mut TaskContext<'_>) -> Poll<Result<T, E>> {
        match failed {}
    }
}

impl<T, E, S: FallbackChain<T, E>> FailureHandling<T, E> for WithFallbacks<E, S> {
    type Failed = Degraded<E>;

    #[inline]
    fn degrade<K>(call: &Call<K>, outcome: Result<T, E>) -> ControlFlow<Result<T, E>, Degraded<E>> {
        call.degrade(outcome)
    }

    #[inline]
    fn asked(self: Pin<&mut Self>) -> Option<Degraded<E>> {
        self.project().failed.take()
    }

    fn ask(self: Pin<&mut Self>, failed: Degraded<E>, cx: &mut TaskContext<'_>) -> Poll<Result<T, E>> {
        let mut this = self.project();
        if !*this.is_agreed {
            if !failed.is_rejection() && !this.fallbacks.as_mut().are_for(failed.error()) {
                return Poll::Ready(failed.leave_alone());
            }
            *this.is_agreed = true;
        }
        let Poll::Ready(answer) = this.fallbacks.as_mut().poll(&failed, cx) else {
            *this.failed = Some(failed);
            return Poll::Pending;
        };
        if let Some(value) = answer {
            return Poll::Ready(Ok(value));
        }
        Poll::Ready(match this.fallbacks.fixed() {
            Some(value) => failed.answer(Source::Static, value),
            None => failed.finish(),
        })
    }
}

impl<E, S> fmt::Debug for WithFallbacks<E, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithFallbacks").field("failed", &self.failed).finish_non_exhaustive()
    }
}
