//! A sibling is written with parentheses.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
#[retry_http_api = "api"]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
