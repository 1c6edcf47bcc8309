//! A switch is `true` or `false`.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent = 1)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
