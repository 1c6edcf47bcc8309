//! Delays that exceed the deadline: some attempts could never be made.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", strategy = Linear, max_attempts = 4, base_delay = 1, max_delay = 3, deadline = 5)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
