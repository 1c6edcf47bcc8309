//! A clause is written once.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker = off, breaker(window = 10))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
