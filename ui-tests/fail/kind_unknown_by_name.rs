//! An unknown kind: the message lists the kinds.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", kind = Blockchain)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
