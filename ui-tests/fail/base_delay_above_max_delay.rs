//! A first delay above the largest.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", base_delay = "10s", max_delay = "1s")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
