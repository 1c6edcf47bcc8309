//! An empty service name.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
