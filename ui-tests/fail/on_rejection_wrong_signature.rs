//! A function of another signature is marked.

use resilience_runtime::comprehensive_retry;

fn describe(_: &str) -> String {
    String::new()
}

#[comprehensive_retry("api", on_rejection = describe)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
