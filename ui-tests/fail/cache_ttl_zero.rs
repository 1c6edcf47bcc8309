//! A `ttl` of zero: no answer would ever be fresh.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", cache(ttl = 0))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
