//! The cache's `key`, outside of its clause.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", ttl = "1m")]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
