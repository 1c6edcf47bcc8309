//! Keys of retries have no effect where the body runs once.

use resilience_runtime::graceful_degradation;

#[graceful_degradation(
    "api",
    max_attempts = 3,
    strategy = Exponential,
    base_delay = "1s",
    max_delay = "2s",
    multiplier = 3,
    jitter = 0.5,
    retryable_status_codes = [503],
    max_retry_after = "1s",
    nested_retries = Suppress,
    retry_enabled = true,
    budget(ratio = 0.2)
)]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
