//! A share is at most 1.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", jitter = 1.5)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
