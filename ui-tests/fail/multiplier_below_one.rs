//! Delays do not shrink.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", multiplier = 0.5)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
