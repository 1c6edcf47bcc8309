//! A copy after the attempt timeout could never start.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent = true, attempt_timeout = "1s", hedge(after = "2s"))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
