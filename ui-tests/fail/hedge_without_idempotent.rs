//! Hedging requires `idempotent = true`.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", hedge(after = "50ms"))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
