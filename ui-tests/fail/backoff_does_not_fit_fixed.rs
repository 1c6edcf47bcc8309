//! Delays that exceed the deadline: some attempts could never be made.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", strategy = Fixed, max_attempts = 10, base_delay = "1s", deadline = "5s")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
