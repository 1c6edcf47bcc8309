//! Status codes are a list.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", retryable_status_codes = 429)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
