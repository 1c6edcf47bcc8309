//! `slow_rate` without `slow_call`: no call would count as slow.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", breaker(slow_call = off, slow_rate = 0.5))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
