//! A delay without effect, as there is a single attempt.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempts = 1, base_delay = 1)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
