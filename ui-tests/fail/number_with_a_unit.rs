//! Letters right behind a number: the compiler hands them over, and they are not to be lost.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry(
    "api",
    max_attempts = 3x,
    base_delay = 5ms,
    max_delay = 1_000ms,
    deadline = 2H,
    attempt_timeout = adaptive(floor = 1ms, quantile = 0.9p),
    jitter = 0.5f,
    retryable_status_codes = [503_, 504_x],
    breaker(window = 30s, min_calls = 5k, failure_rate = 0.5pct, slow_call = 2m, open_for = 5y),
    hedge(after = 50ms)
)]
async fn one() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry("api"x, max_attempts = 3u32, jitter = 0.5f32)]
async fn two() -> Result<(), String> {
    Ok(())
}

fn main() {}
