//! A duration above the largest possible.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_delay = 1e30)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
