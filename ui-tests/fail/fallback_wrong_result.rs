//! A fallback returns what the function returns.

use resilience_runtime::comprehensive_retry;

fn other() -> u32 {
    5
}

#[comprehensive_retry("api", fallback = other)]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
