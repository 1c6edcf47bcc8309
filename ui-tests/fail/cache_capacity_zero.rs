//! A cache without capacity.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", cache(capacity = 0))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
