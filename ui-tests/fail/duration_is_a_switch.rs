//! A switch where a duration is needed.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", deadline = true)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
