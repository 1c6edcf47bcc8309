//! A window of zero calls.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(window = 0))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
