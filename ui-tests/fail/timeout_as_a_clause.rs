//! The bounds of an adaptive timeout belong in `adaptive(…)`.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout(floor = "1s"))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
