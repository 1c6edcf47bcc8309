//! A break of zero length.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(open_for = "0s"))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
