//! A crate is named by a path.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", crate = "resilience")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
