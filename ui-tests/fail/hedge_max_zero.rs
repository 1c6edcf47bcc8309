//! A hedge without copies.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent = true, hedge(max = 0))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
