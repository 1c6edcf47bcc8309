//! A minimum above the maximum.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", bulkhead(adaptive = true, max_concurrent = 4, min_concurrent = 5))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
