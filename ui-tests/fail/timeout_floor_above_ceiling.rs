//! A floor above the ceiling.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout = adaptive(floor = "2s", ceiling = "1s"))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
