//! More `min_calls` than the window holds: the breaker could never open.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(window = 10, min_calls = 20))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
