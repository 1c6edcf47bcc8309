//! Ours through its attributes, one function for each configuration of `setting`.
//!
//! Each pattern alone has every other one switched off. Statistics, counters and the histogram of latencies, are
//! on in all of them; a program started with `--no-statistics` measures the same functions without.

use resilience_runtime::{comprehensive_retry, graceful_degradation, resilient_service};

use crate::ops::{Answer, always_fails, fails_twice, pending_once, ready};

/// Retry alone.
///
/// # Errors
///
/// Those of the body.
#[comprehensive_retry(
    "bench_retry",
    max_attempts = 3,
    base_delay = "10ms",
    breaker = off,
    budget = off,
    attempt_timeout = off,
    deadline = off
)]
pub async fn retry(value: u64) -> Answer {
    ready(value).await
}

/// Retry of a call that has a deadline.
///
/// # Errors
///
/// Those of the body.
#[comprehensive_retry(
    "bench_retry_deadline",
    max_attempts = 3,
    base_delay = "10ms",
    breaker = off,
    budget = off,
    attempt_timeout = off,
    deadline = "3s"
)]
pub async fn retry_until(value: u64) -> Answer {
    ready(value).await
}

/// Retry that a budget pays for.
///
/// # Errors
///
/// Those of the body.
#[comprehensive_retry(
    "bench_budget",
    max_attempts = 3,
    base_delay = "10ms",
    breaker = off,
    budget(ratio = 0.1, min_per_second = 10, burst_capacity = 100),
    attempt_timeout = off,
    deadline = off
)]
pub async fn budget(value: u64) -> Answer {
    ready(value).await
}

/// Breaker alone.
///
/// # Errors
///
/// Those of the body.
#[resilient_service(
    "bench_breaker",
    retry_enabled = false,
    breaker(window = "30s", min_calls = 100, failure_rate = 0.5),
    budget = off,
    attempt_timeout = off,
    deadline = off
)]
pub async fn breaker(value: u64) -> Answer {
    ready(value).await
}

/// Breaker alone over exactly the last hundred results.
///
/// # Errors
///
/// Those of the body.
#[resilient_service(
    "bench_breaker_count",
    retry_enabled = false,
    breaker(window = 100, min_calls = 100, failure_rate = 0.5),
    budget = off,
    attempt_timeout = off,
    deadline = off
)]
pub async fn breaker_by_count(value: u64) -> Answer {
    ready(value).await
}

/// Bulkhead alone.
///
/// # Errors
///
/// Those of the body.
#[resilient_service(
    "bench_bulkhead",
    retry_enabled = false,
    breaker = off,
    budget = off,
    bulkhead(max_concurrent = 1024, max_queue = 0),
    attempt_timeout = off,
    deadline = off
)]
pub async fn bulkhead(value: u64) -> Answer {
    ready(value).await
}

/// Attempt timeout alone.
///
/// # Errors
///
/// Those of the body.
#[resilient_service(
    "bench_timeout",
    retry_enabled = false,
    breaker = off,
    budget = off,
    attempt_timeout = "1s",
    deadline = off
)]
pub async fn timeout(value: u64) -> Answer {
    ready(value).await
}

/// Attempt timeout alone, around a body that waits.
///
/// # Errors
///
/// Those of the body.
#[resilient_service(
    "bench_timeout",
    retry_enabled = false,
    breaker = off,
    budget = off,
    attempt_timeout = "1s",
    deadline = off
)]
pub async fn timeout_pending(value: u64) -> Answer {
    pending_once(value).await
}

/// Rate limit alone.
///
/// # Errors
///
/// Those of the body.
#[resilient_service(
    "bench_rate_limit",
    retry_enabled = false,
    breaker = off,
    budget = off,
    rate_limit(per_second = 1e9, burst = 1_000_000_000),
    attempt_timeout = off,
    deadline = off
)]
pub async fn rate_limit(value: u64) -> Answer {
    ready(value).await
}

#[expect(clippy::unnecessary_wraps, reason = "a fallback returns what the function returns")]
fn zero(_value: u64) -> Answer {
    Ok(0)
}

/// Fallback alone, behind a body that succeeds.
///
/// # Errors
///
/// None.
#[graceful_degradation("bench_fallback", fallback = zero)]
pub async fn fallback(value: u64) -> Answer {
    ready(value).await
}

/// Fallback alone, behind a body that fails.
///
/// # Errors
///
/// None.
#[graceful_degradation("bench_fallback_used", fallback = zero)]
pub async fn fallback_used(value: u64) -> Answer {
    always_fails(value).await
}

/// Retry alone without a delay, of a body that fails twice.
///
/// # Errors
///
/// None.
#[comprehensive_retry(
    "bench_at_once",
    max_attempts = 3,
    strategy = Fixed,
    base_delay = 0,
    breaker = off,
    budget = off,
    attempt_timeout = off,
    deadline = off
)]
pub async fn retry_at_once(value: u64) -> Answer {
    fails_twice(value).await
}

/// Retry alone without a delay, of a body that always fails.
///
/// # Errors
///
/// Always.
#[comprehensive_retry(
    "bench_at_once",
    max_attempts = 3,
    strategy = Fixed,
    base_delay = 0,
    breaker = off,
    budget = off,
    attempt_timeout = off,
    deadline = off
)]
pub async fn retry_in_vain(value: u64) -> Answer {
    always_fails(value).await
}

/// Everything around a body that fails twice, without a delay. The breaker looks at every failure and the budget
/// pays for every retry, and neither ever ends a call.
///
/// # Errors
///
/// None.
#[comprehensive_retry(
    "bench_full_at_once",
    max_attempts = 3,
    strategy = Fixed,
    base_delay = 0,
    attempt_timeout = "1s",
    breaker(window = "30s", min_calls = 100, failure_rate = 0.9),
    budget(ratio = 1.0, min_per_second = 1e9, burst_capacity = 1_000_000_000),
    bulkhead(max_concurrent = 1024, max_queue = 0)
)]
pub async fn full_at_once(value: u64) -> Answer {
    fails_twice(value).await
}

/// Breaker alone around a body that always fails: open from the hundredth call on.
///
/// # Errors
///
/// Always.
#[resilient_service(
    "bench_open",
    retry_enabled = false,
    breaker(window = "30s", min_calls = 100, failure_rate = 0.5, open_for = "1h", max_open_for = "1h"),
    budget = off,
    attempt_timeout = off,
    deadline = off
)]
pub async fn open(value: u64) -> Answer {
    always_fails(value).await
}

/// Everything around a body that always fails: open from the hundredth attempt on.
///
/// # Errors
///
/// Always.
#[comprehensive_retry(
    "bench_full_open",
    max_attempts = 3,
    strategy = Fixed,
    base_delay = 0,
    attempt_timeout = "1s",
    breaker(window = "30s", min_calls = 100, failure_rate = 0.5, open_for = "1h", max_open_for = "1h"),
    bulkhead(max_concurrent = 1024, max_queue = 0)
)]
pub async fn full_open(value: u64) -> Answer {
    always_fails(value).await
}
