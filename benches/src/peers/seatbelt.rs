//! seatbelt in its own recommended order: fallback, retry, breaker, timeout. It has no budget, no bulkhead and no
//! rate limit; its telemetry stays off.

use std::sync::Arc;
use std::time::Duration;

use layered::{Execute, Service, Stack as _};
use seatbelt::breaker::Breaker;
use seatbelt::fallback::Fallback;
use seatbelt::retry::{Backoff, Retry};
use seatbelt::timeout::Timeout;
use seatbelt::{RecoveryInfo, ResilienceContext};
use tick::Clock;

use crate::ops::{Answer, Body, OpError};
use crate::setting::{ATTEMPTS, BASE_DELAY, FAILURE_RATE, MIN_CALLS, TIMEOUT, WINDOW};

fn context() -> ResilienceContext<u64, Answer> {
    ResilienceContext::new(Clock::new_tokio()).name("peer")
}

fn recovery(answer: &Answer) -> RecoveryInfo {
    match answer {
        Err(OpError::Transient) => RecoveryInfo::retry(),
        _ => RecoveryInfo::never(),
    }
}

// The layers are types with eight parameters each that only inference can name.
macro_rules! retry_layer {
    ($context:expr) => {
        Retry::layer("retry", &$context)
            .clone_input()
            .max_retry_attempts(ATTEMPTS - 1)
            .backoff(Backoff::Exponential)
            .base_delay(BASE_DELAY)
            .use_jitter(true)
            .recovery_with(|answer: &Answer, _| recovery(answer))
    };
}

macro_rules! breaker_layer {
    ($context:expr) => {
        Breaker::layer("breaker", &$context)
            .recovery_with(|answer: &Answer, _| recovery(answer))
            .rejected_input_error(|_, _| OpError::Rejected)
            .failure_threshold(FAILURE_RATE)
            .min_throughput(MIN_CALLS)
            .sampling_duration(WINDOW)
    };
}

macro_rules! timeout_layer {
    ($context:expr) => {
        Timeout::layer("timeout", &$context).timeout_error(|_| OpError::Rejected).timeout(TIMEOUT)
    };
}

macro_rules! fallback_layer {
    ($context:expr) => {
        Fallback::layer("fallback", &$context)
            .should_fallback(|answer: &Answer| answer.is_err())
            .fallback(|_, _| Ok(0))
    };
}

/// Retry alone.
pub fn retry<B: Body>(body: B) -> Arc<impl Service<u64, Out = Answer>> {
    Arc::new((retry_layer!(context()), Execute::new(body)).into_service())
}

/// Retry alone, without a delay.
pub fn retry_at_once<B: Body>(body: B) -> Arc<impl Service<u64, Out = Answer>> {
    let retry =
        retry_layer!(context()).backoff(Backoff::Constant).base_delay(Duration::ZERO).use_jitter(false);
    Arc::new((retry, Execute::new(body)).into_service())
}

/// Breaker alone.
pub fn breaker<B: Body>(body: B) -> Arc<impl Service<u64, Out = Answer>> {
    Arc::new((breaker_layer!(context()), Execute::new(body)).into_service())
}

/// Timeout alone.
pub fn timeout<B: Body>(body: B) -> Arc<impl Service<u64, Out = Answer>> {
    Arc::new((timeout_layer!(context()), Execute::new(body)).into_service())
}

/// Fallback alone.
pub fn fallback<B: Body>(body: B) -> Arc<impl Service<u64, Out = Answer>> {
    Arc::new((fallback_layer!(context()), Execute::new(body)).into_service())
}

/// Retry, breaker and timeout.
pub fn full<B: Body>(body: B) -> Arc<impl Service<u64, Out = Answer>> {
    let context = context();
    let layers =
        (retry_layer!(context), breaker_layer!(context), timeout_layer!(context), Execute::new(body));
    Arc::new(layers.into_service())
}
