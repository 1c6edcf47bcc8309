//! A cache key is kept in the cache, so it cannot borrow.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", cache(key = text))]
async fn call(text: &str) -> Result<usize, String> {
    Ok(text.len())
}

fn main() {}
