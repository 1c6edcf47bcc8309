//! Attempts are a number.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempts = "3")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
