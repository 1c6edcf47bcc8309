//! Two names of one key are the same key.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(min_per_second = 1, refill_rate = 2))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
