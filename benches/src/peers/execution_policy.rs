//! execution-policy in the order that it fixes: total timeout, permits, breaker, retry with budget, attempt timeout. Its
//! breaker has one vote for each call and not for each attempt, and none for a call that its budget has ended; no rate
//! limit, no fallback, and no event hook here.

use std::time::Duration;

use execution_policy::{
    CircuitBreaker, ConcurrencyLimit, DefaultCore, ExecutionError, ExecutionPolicy, ExecutionPolicyBuilder,
    Jitter, Retry, RetryBudget,
};

use super::by_hand::is_transient;
use crate::ops::{Body, OpError};
use crate::setting::{ATTEMPTS, BASE_DELAY, CONCURRENT, FAILURE_RATE, MIN_CALLS, TIMEOUT, WINDOW};

/// A policy, shared by its callers: for ever, because a future that borrows it for less is not `Send`.
pub type Policy = &'static ExecutionPolicy<DefaultCore, u64, OpError>;

/// As long as ours has by default.
const TOTAL: Duration = Duration::from_secs(10);

fn builder() -> ExecutionPolicyBuilder<u64, OpError> {
    ExecutionPolicyBuilder::new()
}

fn backoff() -> Retry<u64, OpError> {
    Retry::exponential().max_attempts(ATTEMPTS).base_delay(BASE_DELAY).jitter(Jitter::Full).when(is_transient)
}

fn circuit() -> CircuitBreaker<OpError> {
    CircuitBreaker::failure_ratio()
        .ratio(f64::from(FAILURE_RATE))
        .minimum_throughput(MIN_CALLS)
        .sampling_window(WINDOW)
        .record_when(is_transient)
}

fn budget() -> RetryBudget {
    RetryBudget::new(0.1, 100)
}

/// Retry alone.
pub fn retry() -> Policy {
    Box::leak(Box::new(builder().retry(backoff()).build()))
}

/// Retry alone, without a delay.
pub fn retry_at_once() -> Policy {
    let retry = Retry::fixed(Duration::ZERO).max_attempts(ATTEMPTS).when(is_transient);
    Box::leak(Box::new(builder().retry(retry).build()))
}

/// Retry that a budget pays for.
pub fn retry_with_budget() -> Policy {
    Box::leak(Box::new(builder().retry(backoff().budget(budget())).build()))
}

/// Breaker alone.
pub fn breaker() -> Policy {
    Box::leak(Box::new(builder().circuit_breaker(circuit()).build()))
}

/// Timeout alone.
pub fn timeout() -> Policy {
    Box::leak(Box::new(builder().attempt_timeout(TIMEOUT).build()))
}

/// Permits alone, which rejects when none is free.
pub fn bulkhead(most: usize) -> Policy {
    Box::leak(Box::new(builder().concurrency_limit(ConcurrencyLimit::operations(most).reject()).build()))
}

/// Everything that it has for one call.
pub fn full() -> Policy {
    let policy = builder()
        .retry(backoff().budget(budget()))
        .attempt_timeout(TIMEOUT)
        .total_timeout(TOTAL)
        .circuit_breaker(circuit())
        .concurrency_limit(ConcurrencyLimit::operations(CONCURRENT).reject());
    Box::leak(Box::new(policy.build()))
}

/// One call, by the way that allocates nothing.
///
/// # Errors
///
/// The body's last, or why the policy has ended the call.
#[inline]
pub async fn call<B: Body>(policy: Policy, body: B, value: u64) -> Result<u64, ExecutionError<OpError>> {
    policy.run(async move || body(value).await).await
}
