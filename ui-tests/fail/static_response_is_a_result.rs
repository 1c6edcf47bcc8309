//! A static response is the value, not a result.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", static_response = Ok(5))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
