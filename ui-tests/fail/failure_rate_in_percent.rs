//! A rate is a ratio from 0 to 1, not a percentage.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(failure_rate = 50))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
