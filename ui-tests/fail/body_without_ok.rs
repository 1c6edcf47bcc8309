//! Exactly one error, at the body.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call() -> Result<String, String> {
    String::new()
}

fn main() {}
