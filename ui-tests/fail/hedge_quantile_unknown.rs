//! An unknown quantile.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent = true, hedge(after = P80))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
