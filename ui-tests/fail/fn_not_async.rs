//! Only an `async fn` can be retried.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
