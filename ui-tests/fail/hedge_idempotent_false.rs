//! A hedge for requests that must not be repeated.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent = false, hedge(after = P95))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
