//! A multiplier above the largest.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", multiplier = 1e7)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
