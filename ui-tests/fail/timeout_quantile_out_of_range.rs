//! A quantile out of range.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout = adaptive(quantile = 1.0))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
