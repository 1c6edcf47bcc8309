//! A function that does not exist is marked.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", retry_if = is_transient)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
