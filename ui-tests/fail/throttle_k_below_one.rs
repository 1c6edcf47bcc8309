//! A `k` below 1 would reject requests that the service accepts.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", throttle(k = 0.5))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
