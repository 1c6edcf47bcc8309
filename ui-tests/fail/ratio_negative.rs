//! A ratio is positive.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(ratio = -0.1))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
