//! A negative duration.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", base_delay = -1)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
