//! A reference as the result.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call(text: &str) -> &str {
    text
}

fn main() {}
