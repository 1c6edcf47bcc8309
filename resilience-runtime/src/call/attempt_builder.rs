//! Builds an [`Attempt`] step by step, as generated code writes it: the body, how its errors are classified, what is kept, how a
//! rejection becomes an error.
//!
//! Steps instead of one call with four arguments: by the time a closure is checked, the type of the error is known
//! from the body before it, and an expansion says only what the user wrote.

use std::fmt;

use super::attempt::Attempt;
use super::call::Call;
use super::injection::Slot;
use super::last_outcome::{KeepErrors, LastOutcome};
use super::result_rules::ResultRules;
use crate::classify::Facts;
use crate::rejection::Rejection;

/// The body of an attempt, whose errors have yet to be classified.
#[must_use = "an attempt is made with `classify` and `on_rejection`"]
pub struct AttemptBody<'call, F, K> {
    call: &'call mut Call<K>,
    body: F,
}

/// The body of an attempt, and how its errors are classified.
#[must_use = "an attempt is made with `inject` and `on_rejection`"]
pub struct ClassifiedBody<'call, F, C, K> {
    call: &'call mut Call<K>,
    body: F,
    classify: C,
}

/// The same with what fills the slots of injected faults.
#[must_use = "an attempt is made with `on_rejection`"]
pub struct InjectedBody<'call, F, C, J, K> {
    call: &'call mut Call<K>,
    body: F,
    classify: C,
    inject: J,
}

impl<K> Call<K> {
    /// Begins to describe an attempt.
    #[inline]
    pub fn run<F, T, E>(&mut self, body: F) -> AttemptBody<'_, F, K>
    where
        F: Future<Output = Result<T, E>>,
    {
        AttemptBody { call: self, body }
    }
}

impl<'call, F, K> AttemptBody<'call, F, K> {
    /// Says what an error means.
    #[inline]
    pub fn classify<C, T, E>(self, classify: C) -> ClassifiedBody<'call, F, C, K>
    where
        F: Future<Output = Result<T, E>>,
        C: FnMut(&E) -> Facts,
    {
        let Self { call, body } = self;
        ClassifiedBody { call, body, classify }
    }
}

impl<'call, F, C, K> ClassifiedBody<'call, F, C, K> {
    /// Says how a fault of the types of the function is made; of no effect without feature `testing`.
    #[inline]
    pub fn inject<J, T, E>(self, inject: J) -> InjectedBody<'call, F, C, J, K>
    where
        F: Future<Output = Result<T, E>>,
        J: FnMut(&Slot<'_, T, E>),
    {
        let Self { call, body, classify } = self;
        InjectedBody { call, body, classify, inject }
    }
}

impl<'call, F, C, J, K> InjectedBody<'call, F, C, J, K> {
    /// Says how a rejection becomes an error of the function; the attempt is complete, and keeps its last error.
    #[inline]
    pub fn on_rejection<R, T>(self, on_rejection: R) -> Attempt<'call, F, C, KeepErrors, R, J, K>
    where
        F: Future<Output = Result<T, K>>,
        C: FnMut(&K) -> Facts,
        R: FnMut(Rejection) -> K,
        J: FnMut(&Slot<'_, T, K>),
    {
        self.keep(KeepErrors, on_rejection)
    }

    /// The same with another rule of what is kept. One step, since with two the compiler would report a rule of the wrong
    /// type twice.
    #[inline]
    pub fn keep<P, R, T, E>(self, last_outcome: P, on_rejection: R) -> Attempt<'call, F, C, P, R, J, K>
    where
        F: Future<Output = Result<T, E>>,
        C: FnMut(&E) -> Facts,
        P: LastOutcome<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
        J: FnMut(&Slot<'_, T, E>),
    {
        let Self { call, body, classify, inject } = self;
        Attempt::new(call, body, ResultRules { classify, last_outcome, on_rejection, inject })
    }
}

impl<F, K> fmt::Debug for AttemptBody<'_, F, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptBody").field("call", &self.call).finish_non_exhaustive()
    }
}

impl<F, C, K> fmt::Debug for ClassifiedBody<'_, F, C, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClassifiedBody").field("call", &self.call).finish_non_exhaustive()
    }
}

impl<F, C, J, K> fmt::Debug for InjectedBody<'_, F, C, J, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InjectedBody").field("call", &self.call).finish_non_exhaustive()
    }
}
