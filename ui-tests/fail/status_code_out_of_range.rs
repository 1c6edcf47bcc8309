//! Status codes have three digits.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", retryable_status_codes = [429, 1000])]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
