//! A fallback is a path.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", fallback = || Ok(1))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
