//! Tokens that are no pattern.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", retry_on(1 + 1))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
