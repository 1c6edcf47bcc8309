//! A key of another kind of budget.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(kind = TokenBucket, max_retries_per_minute = 5))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
