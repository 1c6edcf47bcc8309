//! A key is written once.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(window = 10, window = "5s"))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
