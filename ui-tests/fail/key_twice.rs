//! A key is written once.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempts = 3, max_attempts = 4)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
