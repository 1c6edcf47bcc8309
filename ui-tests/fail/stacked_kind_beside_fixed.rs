//! A kind beside an attribute that fixes the kind.

use resilience_runtime::{comprehensive_retry, retry_http_api};

#[retry_http_api("api")]
#[comprehensive_retry("api", kind = Cache)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
