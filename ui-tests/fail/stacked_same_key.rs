//! A key is written once.

use resilience_runtime::{comprehensive_retry, retry_http_api};

#[comprehensive_retry("api", max_attempts = 3)]
#[retry_http_api("api", max_attempts = 3)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
