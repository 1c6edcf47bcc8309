//! Adds `on_rejection` to a handle: a closure decides which error a rejection becomes. For error types without `From<Rejection>`,
//! or where another error is wanted than it makes.

use std::fmt;
use std::future::Future;

use super::classifier::{ByRecovery, ByTrait, by_trait};
use super::resilient::{Bodied, Resilient};
use super::resilient_call::ResilientCall;
use crate::classify::{Classify, Recovery};
use crate::rejection::Rejection;

/// A [handle](Resilient) for calls whose rejections become errors by a closure.
#[derive(Clone, Copy)]
#[must_use = "a call is made with `call`, `call_with` or `call!`"]
pub struct OnRejection<'h, R> {
    handle: &'h Resilient,
    on_rejection: R,
}

impl Resilient {
    /// Says which error a rejected call returns: `on_rejection` of an attribute. The error type then needs no
    /// `From<Rejection>`; if it has one, this takes precedence.
    ///
    /// ```
    /// use resilience_runtime::{Classify, Rejection, Resilient};
    ///
    /// #[derive(Debug, Classify)]
    /// enum Failed {
    ///     #[retry]
    ///     Busy,
    ///     #[never]
    ///     Unavailable(Rejection),
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let search = Resilient::service("search").build();
    /// let found = search.on_rejection(Failed::Unavailable).call(|| async { Ok(7) }).await;
    /// assert_eq!(found.unwrap(), 7);
    /// # }
    /// ```
    ///
    /// It comes before the body, so that the error type of the body need not convert from a rejection.
    #[inline]
    pub fn on_rejection<R, E>(&self, on_rejection: R) -> OnRejection<'_, R>
    where
        R: FnMut(Rejection) -> E,
    {
        OnRejection { handle: self, on_rejection }
    }
}

impl<'h, R> OnRejection<'h, R> {
    /// Calls the service as [`Resilient::call`] does.
    #[inline]
    pub fn call<F, Fut, T, E>(self, body: F) -> ResilientCall<&'h Resilient, F, Fut, ByTrait<E>, E, R>
    where
        R: FnMut(Rejection) -> E,
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Classify + 'static,
    {
        ResilientCall::with_rejections(self.handle, body, by_trait(), self.on_rejection)
    }

    /// Calls the service as [`Resilient::call_with`] does.
    #[inline]
    pub fn call_with<F, Fut, T, E: 'static, C>(
        self,
        body: F,
        classify: C,
    ) -> ResilientCall<&'h Resilient, F, Fut, ByRecovery<C>, E, R>
    where
        R: FnMut(Rejection) -> E,
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, E>>,
        C: FnMut(&E) -> Recovery,
    {
        ResilientCall::with_rejections(self.handle, body, ByRecovery(classify), self.on_rejection)
    }

    /// The first half of [`call!`](crate::call).
    #[doc(hidden)]
    #[inline]
    pub fn resilience_by_type<F, Fut, T, E>(self, body: F) -> Bodied<'h, F, R>
    where
        R: FnMut(Rejection) -> E,
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        Bodied::new(self.handle, body, self.on_rejection)
    }
}

impl<R> fmt::Debug for OnRejection<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnRejection").field("handle", self.handle).finish_non_exhaustive()
    }
}
