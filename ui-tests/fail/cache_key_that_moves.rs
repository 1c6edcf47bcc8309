//! A cache key expression must not consume an argument.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", cache(key = text))]
async fn call(text: String) -> Result<usize, String> {
    Ok(text.len())
}

fn main() {}
