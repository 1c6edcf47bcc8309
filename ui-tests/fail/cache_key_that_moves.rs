//! A key must leave the argument to the body.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", cache(key = text))]
async fn call(text: String) -> Result<usize, String> {
    Ok(text.len())
}

fn main() {}
