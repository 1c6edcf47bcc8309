//! A value of the wrong kind that gives away what was meant: it is told as a file would be told.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(failure_rate = "50%", min_calls = "20"), jitter = true, max_attempts = "3")]
async fn percentages_and_quotes() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry("api", retryable_status_codes = "5xx")]
async fn class_of_codes() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry("api", retryable_status_codes = ["429", 503])]
async fn codes_in_quotes() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry(
    "api",
    bulkhead = 10,
    rate_limit = 100,
    throttle = 2,
    cache = "5m",
    budget = "10%",
    hedge = "p95",
    idempotent = true
)]
async fn clauses() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry("api", retry_enabled = yes, deadline = "none", max_attempts = infinite, base_delay = false)]
async fn words_of_others() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry(
    "api",
    attempt_timeout = adaptive(quantile = "99%", factor = "2"),
    idempotent = true,
    hedge(after = "95%", max = [2])
)]
async fn quantiles() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry("api", strategy = EXPONENTIAL_JITTER, max_attempts = 3.0, priority = "HIGH")]
async fn cases() -> Result<(), String> {
    Ok(())
}

fn main() {}
