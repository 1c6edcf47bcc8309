//! There is nothing to clone.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", clone(text))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
