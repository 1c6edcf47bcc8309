//! A throttle window that is too short.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", throttle(window = "10ms"))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
