//! A clause has parentheses.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
