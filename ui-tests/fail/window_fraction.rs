//! A window is a whole number of calls, or a time with a unit.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(window = 2.5))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
