//! A string that is no duration.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", deadline = "soon")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
