//! An unknown bound of an adaptive timeout.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout = adaptive(cieling = "1s"))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
