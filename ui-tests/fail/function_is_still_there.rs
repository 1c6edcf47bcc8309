//! A refused function still exists, so its callers show no errors.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempts = 0)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _future = call();
}
