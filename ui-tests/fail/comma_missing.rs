//! Arguments are separated by commas.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempts = 3 base_delay = 1)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
