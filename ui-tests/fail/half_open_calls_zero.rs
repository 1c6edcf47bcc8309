//! Without trials, a breaker never closes.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(half_open_calls = 0))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
