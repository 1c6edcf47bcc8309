//! Clauses have keys of their own.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(failure_ratio = 0.5))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
