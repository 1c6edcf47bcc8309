//! Keys of retries while retries are switched off.

use resilience_runtime::resilient_service;

#[resilient_service("api", retry_enabled = false, max_attempts = 3, base_delay = "1s")]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
