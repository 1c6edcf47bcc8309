//! Rules between keys are all checked.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", strategy = Fixed, multiplier = 2, base_delay = 5, max_delay = 1, attempt_timeout = 9, deadline = 8, budget(ratio = 3, max_retries_per_hour = 1))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
