//! The service by position and by name.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", service = "api")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
