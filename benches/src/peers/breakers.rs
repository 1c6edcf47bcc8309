//! recloser and failsafe: breakers and nothing else, each behind one function of the same shape.

use std::future::Future;

use failsafe::backoff::{Constant, EqualJittered, constant};
use failsafe::failure_policy::{
    ConsecutiveFailures, OrElse, SuccessRateOverTimeWindow, consecutive_failures,
};
use failsafe::futures::CircuitBreaker;
use failsafe::{Config, FailurePolicy, StateMachine};
use recloser::{AsyncRecloser, Recloser};

use crate::ops::{Answer, OpError};
use crate::setting::{FAILURE_RATE, MIN_CALLS, WINDOW};

/// recloser: half of the last hundred results.
pub fn recloser() -> AsyncRecloser {
    AsyncRecloser::from(
        Recloser::custom()
            .error_rate(FAILURE_RATE)
            .closed_len(MIN_CALLS as usize)
            .half_open_len(10)
            .open_wait(WINDOW)
            .build(),
    )
}

/// A call through it.
///
/// # Errors
///
/// The body's, or `Rejected`.
#[inline]
pub async fn through_recloser(breaker: &AsyncRecloser, body: impl Future<Output = Answer> + Send) -> Answer {
    match breaker.call(body).await {
        Ok(value) => Ok(value),
        Err(recloser::Error::Inner(error)) => Err(error),
        Err(recloser::Error::Rejected) => Err(OpError::Rejected),
    }
}

/// failsafe's default policy.
pub type ByRate = OrElse<SuccessRateOverTimeWindow<EqualJittered>, ConsecutiveFailures<EqualJittered>>;

/// failsafe: a success rate of 0.8 over 30 s, or five failures in a row. It has no policy nearer to the others'.
pub fn failsafe() -> StateMachine<ByRate, ()> {
    Config::new().build()
}

/// failsafe with its fastest policy: five failures in a row.
pub fn failsafe_in_a_row() -> StateMachine<ConsecutiveFailures<Constant>, ()> {
    Config::new().failure_policy(consecutive_failures(5, constant(WINDOW))).build()
}

/// A call through it.
///
/// # Errors
///
/// The body's, or `Rejected`.
#[inline]
pub async fn through_failsafe<P: FailurePolicy + Send + Sync + 'static>(
    breaker: &StateMachine<P, ()>,
    body: impl Future<Output = Answer> + Send,
) -> Answer {
    match CircuitBreaker::call(breaker, body).await {
        Ok(value) => Ok(value),
        Err(failsafe::Error::Inner(error)) => Err(error),
        Err(failsafe::Error::Rejected) => Err(OpError::Rejected),
    }
}
