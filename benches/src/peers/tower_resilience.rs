//! tower-resilience: the broadest list of layers for tower. Its metrics and traces are build features and stay off.

use std::sync::Arc;
use std::time::Duration;

use tower::{Service, ServiceBuilder, service_fn};
use tower_resilience_bulkhead::{BulkheadLayer, BulkheadServiceError};
use tower_resilience_circuitbreaker::{CircuitBreakerError, CircuitBreakerLayer};
use tower_resilience_fallback::{FallbackError, FallbackLayer};
use tower_resilience_ratelimiter::{RateLimiterLayer, RateLimiterServiceError};
use tower_resilience_retry::{RetryBudget, RetryBudgetBuilder, RetryLayer};
use tower_resilience_timelimiter::{TimeLimiterError, TimeLimiterLayer};

use super::tower::Shared;
use crate::ops::{Body, OpError};
use crate::setting::{ATTEMPTS, BASE_DELAY, CONCURRENT, FAILURE_RATE, MIN_CALLS, TIMEOUT, WINDOW};

// The builders return types of their crates' own making; a macro saves naming them.
macro_rules! breaker_layer {
    () => {
        CircuitBreakerLayer::builder()
            .failure_rate_threshold(f64::from(FAILURE_RATE))
            .sliding_window_size(MIN_CALLS as usize)
            .minimum_number_of_calls(MIN_CALLS as usize)
            .wait_duration_in_open(WINDOW)
            .build()
            .expect("settings in range")
    };
}

macro_rules! timeout_layer {
    () => {
        TimeLimiterLayer::builder().timeout_duration(TIMEOUT).build()
    };
}

macro_rules! bulkhead_layer {
    ($most:expr) => {
        BulkheadLayer::builder()
            .max_concurrent_calls($most)
            .reject_when_full()
            .build()
            .expect("settings in range")
    };
}

fn budget() -> Arc<dyn RetryBudget> {
    RetryBudgetBuilder::new()
        .token_bucket()
        .tokens_per_second(10.0)
        .max_tokens(100)
        .build()
        .expect("settings in range")
}

type Timed = TimeLimiterError<OpError>;
type Broken = CircuitBreakerError<Timed>;

/// Retry alone.
pub fn retry<B: Body>(body: B) -> impl Service<u64, Response = u64, Error = OpError, Future: Send> + Shared {
    let layer = RetryLayer::<u64, u64, OpError>::builder()
        .max_attempts(ATTEMPTS as usize)
        .exponential_backoff(BASE_DELAY)
        .build();
    ServiceBuilder::new().layer(layer).service(service_fn(body))
}

/// Retry that a budget pays for.
pub fn retry_with_budget<B: Body>(
    body: B,
) -> impl Service<u64, Response = u64, Error = OpError, Future: Send> + Shared {
    let layer = RetryLayer::<u64, u64, OpError>::builder()
        .max_attempts(ATTEMPTS as usize)
        .exponential_backoff(BASE_DELAY)
        .budget(budget())
        .build();
    ServiceBuilder::new().layer(layer).service(service_fn(body))
}

/// Retry alone with a delay of zero, for which it still waits for a tick of tokio's timer.
pub fn retry_at_once<B: Body>(
    body: B,
) -> impl Service<u64, Response = u64, Error = OpError, Future: Send> + Shared {
    let layer = RetryLayer::<u64, u64, OpError>::builder()
        .max_attempts(ATTEMPTS as usize)
        .fixed_backoff(Duration::ZERO)
        .build();
    ServiceBuilder::new().layer(layer).service(service_fn(body))
}

/// Breaker alone.
pub fn breaker<B: Body>(
    body: B,
) -> impl Service<u64, Response = u64, Error = CircuitBreakerError<OpError>, Future: Send> + Shared {
    ServiceBuilder::new().layer(breaker_layer!()).service(service_fn(body))
}

/// Timeout alone.
pub fn timeout<B: Body>(body: B) -> impl Service<u64, Response = u64, Error = Timed, Future: Send> + Shared {
    ServiceBuilder::new().layer(timeout_layer!()).service(service_fn(body))
}

/// Bulkhead alone, which rejects when full.
pub fn bulkhead<B: Body>(
    body: B,
    most: usize,
) -> impl Service<u64, Response = u64, Error = BulkheadServiceError<OpError>, Future: Send> + Shared {
    ServiceBuilder::new().layer(bulkhead_layer!(most)).service(service_fn(body))
}

/// Rate limit alone: a fixed window of a second.
///
/// # Panics
///
/// With zero.
pub fn rate_limit<B: Body>(
    body: B,
    most: usize,
) -> impl Service<u64, Response = u64, Error = RateLimiterServiceError<OpError>, Future: Send> + Shared {
    let layer = RateLimiterLayer::builder()
        .limit_for_period(most)
        .refresh_period(Duration::from_secs(1))
        .build()
        .expect("settings in range");
    ServiceBuilder::new().layer(layer).service(service_fn(body))
}

/// Fallback alone.
pub fn fallback<B: Body>(
    body: B,
) -> impl Service<u64, Response = u64, Error = FallbackError<OpError>, Future: Send> + Shared {
    ServiceBuilder::new().layer(FallbackLayer::<u64, u64, OpError>::value(0)).service(service_fn(body))
}

/// Bulkhead, retry with budget, breaker, timeout.
pub fn full<B: Body>(
    body: B,
) -> impl Service<u64, Response = u64, Error = BulkheadServiceError<Broken>, Future: Send> + Shared {
    let retry = RetryLayer::<u64, u64, Broken>::builder()
        .max_attempts(ATTEMPTS as usize)
        .exponential_backoff(BASE_DELAY)
        .budget(budget())
        .build();
    ServiceBuilder::new()
        .layer(bulkhead_layer!(CONCURRENT))
        .layer(retry)
        .layer(breaker_layer!())
        .layer(timeout_layer!())
        .service(service_fn(body))
}
