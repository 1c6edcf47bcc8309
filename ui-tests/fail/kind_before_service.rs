//! The service comes first.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry(HttpApi, service = "api")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
