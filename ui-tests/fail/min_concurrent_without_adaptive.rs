//! `min_concurrent` of a limit that is not adaptive.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", bulkhead(max_concurrent = 4, min_concurrent = 2))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
