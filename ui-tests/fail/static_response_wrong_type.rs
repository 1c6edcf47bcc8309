//! A static response of another type.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", static_response = "none")]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
