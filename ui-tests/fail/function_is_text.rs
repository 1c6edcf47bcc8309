//! A string where a path is needed.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", on_error = "classify")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
