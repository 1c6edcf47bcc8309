//! A count fits 32 bits.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempts = 5000000000)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
