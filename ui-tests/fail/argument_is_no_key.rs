//! An argument without a name.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", "more")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
