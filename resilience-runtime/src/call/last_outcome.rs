//! Decides which outcome a call ends with when no attempt follows: the last error, or the last `Ok`. In: the outcome of a failed
//! attempt. Out: the last error, or with `retry_if_ok` the last `Ok`, when attempts end.
//!
//! Two types instead of one `Option<Result<T, E>>`: a call that never keeps a `T` must stay `Send` when `T`
//! is not.

use std::fmt;

/// Decides which outcome of an attempt is kept across the delay, and gives it back at the end.
pub trait LastOutcome<T, E> {
    /// What is stored between attempts.
    type Kept;

    /// Whether an `Ok` is to be retried.
    fn is_unwanted(&mut self, value: &T) -> bool;

    /// Stores an outcome; `None` for an `Ok` where only errors are kept.
    fn keep(&mut self, outcome: Result<T, E>) -> Option<Self::Kept>;

    /// Gives the stored outcome back.
    ///
    /// # Errors
    ///
    /// The stored error, if it is one.
    fn release(&mut self, kept: Self::Kept) -> Result<T, E>;
}

/// Keeps the last error.
#[derive(Clone, Copy, Debug)]
pub struct KeepErrors;

impl<T, E> LastOutcome<T, E> for KeepErrors {
    type Kept = E;

    #[inline]
    fn is_unwanted(&mut self, _value: &T) -> bool {
        false
    }

    #[inline]
    fn keep(&mut self, outcome: Result<T, E>) -> Option<E> {
        outcome.err()
    }

    #[inline]
    fn release(&mut self, kept: E) -> Result<T, E> {
        Err(kept)
    }
}

/// Keeps the last outcome, and retries an `Ok` that the rule says `true` to.
#[derive(Clone, Copy)]
pub struct RetryIfOk<F>(pub F);

impl<T, E, F: FnMut(&T) -> bool> LastOutcome<T, E> for RetryIfOk<F> {
    type Kept = Result<T, E>;

    fn is_unwanted(&mut self, value: &T) -> bool {
        (self.0)(value)
    }

    fn keep(&mut self, outcome: Result<T, E>) -> Option<Result<T, E>> {
        Some(outcome)
    }

    fn release(&mut self, kept: Result<T, E>) -> Result<T, E> {
        kept
    }
}

impl<F> fmt::Debug for RetryIfOk<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RetryIfOk")
    }
}
