//! `max_wait` without a queue.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", bulkhead(max_queue = 0, max_wait = "1s"))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
