//! `after` is neither a time nor a quantile.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent = true, hedge(after = true))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
