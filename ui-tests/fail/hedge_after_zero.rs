//! A copy after zero time would always be started.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent = true, hedge(after = 0))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
