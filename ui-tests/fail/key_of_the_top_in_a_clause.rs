//! A key of the top is sent there.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(max_attempts = 3))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
