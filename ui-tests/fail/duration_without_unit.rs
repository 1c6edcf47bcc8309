//! A string has a unit.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", base_delay = "5")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
