//! A top-level key inside a clause: the message says where it belongs.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(max_attempts = 3))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
