//! The priorities are listed.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", priority = Urgent)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
