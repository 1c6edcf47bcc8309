//! Exactly one error, at the body.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call(number: u32) -> Result<String, String> {
    Ok(number)
}

fn main() {}
