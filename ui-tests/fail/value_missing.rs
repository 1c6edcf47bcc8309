//! A key needs a value.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
