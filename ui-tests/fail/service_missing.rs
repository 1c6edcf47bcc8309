//! The service is missing.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry(max_attempts = 3)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
