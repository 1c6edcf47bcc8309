//! An attempt timeout above the deadline would never fire.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout = "10s", deadline = "5s")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
