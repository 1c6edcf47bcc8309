//! Keys of a breaker that is switched off.

use resilience_runtime::resilient_service;

#[resilient_service("api", circuit_breaker_enabled = false, breaker(min_calls = 5))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
