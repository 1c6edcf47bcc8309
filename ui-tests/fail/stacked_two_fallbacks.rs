//! The same key in two attributes.

use resilience_runtime::comprehensive_retry;

use resilience_runtime::graceful_degradation;

fn other() -> Result<u32, String> {
    Ok(1)
}

#[comprehensive_retry("api", fallback = other)]
#[graceful_degradation("api", fallback = other)]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
