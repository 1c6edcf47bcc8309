//! A service is named by text.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry(5)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
