//! A refused function does not light up its callers.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempts = 0)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _future = call();
}
