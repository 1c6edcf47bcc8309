//! One function calls one service.

use resilience_runtime::{comprehensive_retry, retry_http_api};

#[comprehensive_retry("api")]
#[retry_http_api("other")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
