//! A clause has parentheses.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker = 5)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
