//! By position and by name is twice.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", service = "api")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
