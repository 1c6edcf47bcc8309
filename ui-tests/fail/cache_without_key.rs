//! A cache without a key has one answer for all arguments.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", cache(ttl = "1m"))]
async fn call(id: u32) -> Result<u32, String> {
    Ok(id)
}

fn main() {}
