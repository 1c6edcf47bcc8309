//! A function of another signature is marked.

use resilience_runtime::comprehensive_retry;

fn is_transient(_: &String) -> bool {
    true
}

#[comprehensive_retry("api", on_error = is_transient)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
