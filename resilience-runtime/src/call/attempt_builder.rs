//! What generated code writes for one attempt goes in, step by step: the body, how its errors are judged, what is
//! kept, how a rejection becomes an error. An [`Attempt`] comes out.
//!
//! Steps instead of one call with four arguments: by the time a closure is checked, the type of the error is known
//! from the body before it, and an expansion says only what the user wrote.

use std::fmt;

use super::attempt::Attempt;
use super::call::Call;
use super::last_outcome::{Keep, KeepErrors};
use crate::classify::Facts;
use crate::rejection::Rejection;

/// An attempt without a judge.
#[must_use = "an attempt is made with `judge` and `carry`"]
pub struct Run<'call, F, K> {
    call: &'call mut Call<K>,
    body: F,
}

/// An attempt with a judge.
#[must_use = "an attempt is made with `carry`"]
pub struct Judged<'call, F, J, K> {
    call: &'call mut Call<K>,
    body: F,
    judge: J,
}

impl<K> Call<K> {
    /// Begins to describe an attempt.
    #[inline]
    pub fn run<F, T, E>(&mut self, body: F) -> Run<'_, F, K>
    where
        F: Future<Output = Result<T, E>>,
    {
        Run { call: self, body }
    }
}

impl<'call, F, K> Run<'call, F, K> {
    /// Says what an error means.
    #[inline]
    pub fn judge<J, T, E>(self, judge: J) -> Judged<'call, F, J, K>
    where
        F: Future<Output = Result<T, E>>,
        J: FnMut(&E) -> Facts,
    {
        let Self { call, body } = self;
        Judged { call, body, judge }
    }
}

impl<'call, F, J, K> Judged<'call, F, J, K> {
    /// Says how a rejection becomes an error of the function; the attempt is complete, and keeps its last error.
    #[inline]
    pub fn carry<R, T>(self, carry: R) -> Attempt<'call, F, J, KeepErrors, R, K>
    where
        F: Future<Output = Result<T, K>>,
        J: FnMut(&K) -> Facts,
        R: FnMut(Rejection) -> K,
    {
        Attempt::new(self.call, self.body, self.judge, KeepErrors, carry)
    }

    /// The same with another rule of what is kept. One step, since two would say twice that the rule does not fit.
    #[inline]
    pub fn keep<P, R, T, E>(self, keep: P, carry: R) -> Attempt<'call, F, J, P, R, K>
    where
        F: Future<Output = Result<T, E>>,
        J: FnMut(&E) -> Facts,
        P: Keep<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
    {
        Attempt::new(self.call, self.body, self.judge, keep, carry)
    }
}

impl<F, K> fmt::Debug for Run<'_, F, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("call", &self.call).finish_non_exhaustive()
    }
}

impl<F, J, K> fmt::Debug for Judged<'_, F, J, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judged").field("call", &self.call).finish_non_exhaustive()
    }
}
