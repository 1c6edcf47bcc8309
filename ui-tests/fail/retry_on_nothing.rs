//! An empty list of patterns is a mistake.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", retry_on())]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
