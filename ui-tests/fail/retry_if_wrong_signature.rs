//! A function of another signature is marked.

use resilience_runtime::comprehensive_retry;

fn is_transient(error: &u32) -> bool {
    *error > 5
}

#[comprehensive_retry("api", retry_if = is_transient)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
