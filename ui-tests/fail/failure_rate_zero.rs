//! A failure rate of zero would open the breaker without failures.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(failure_rate = 0))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
