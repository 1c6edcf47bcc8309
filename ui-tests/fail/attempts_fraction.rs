//! A fractional number of attempts.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempts = 2.5)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
