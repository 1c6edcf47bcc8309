//! Calls are whole, and seconds have a unit.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(window = 2.5))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
