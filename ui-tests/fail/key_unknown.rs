//! A near miss gets a suggestion.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempt = 3)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
