//! A key without effect on this strategy.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", strategy = DecorrelatedJitter, multiplier = 2)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
