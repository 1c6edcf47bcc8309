//! Only futures can be retried between polls.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
