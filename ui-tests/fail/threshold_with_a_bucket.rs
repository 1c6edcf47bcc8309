//! A key of another kind of budget.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(adaptive_threshold = 0.5))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
