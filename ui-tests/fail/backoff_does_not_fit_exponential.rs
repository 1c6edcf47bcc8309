//! Delays that exceed the deadline: some attempts could never be made.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", strategy = Exponential, max_attempts = 6, base_delay = "1s", max_delay = "8s", deadline = "20s")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
