//! An unknown quantile.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout = adaptive(quantile = P42))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
