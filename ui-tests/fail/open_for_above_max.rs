//! A first break above the longest.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(open_for = "10s", max_open_for = "1s"))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
