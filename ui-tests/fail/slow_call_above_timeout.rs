//! `slow_call` above the timeout: no call could ever be slow.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout = 1, breaker(slow_call = 2))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
