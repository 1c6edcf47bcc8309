//! `max_concurrent = 0` would let nothing run.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", bulkhead(max_concurrent = 0))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
