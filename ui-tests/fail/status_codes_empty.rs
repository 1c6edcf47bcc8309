//! An empty list of status codes.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", retryable_status_codes = [])]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
