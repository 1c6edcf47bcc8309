//! `retry_on` without effect, as there is a single attempt.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempts = 1, retry_on(_))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
