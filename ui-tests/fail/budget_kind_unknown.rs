//! An unknown kind of budget: the message lists the kinds.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(kind = LeakyBucket))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
