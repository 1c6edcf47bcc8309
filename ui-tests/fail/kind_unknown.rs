//! An unknown kind: the message lists the kinds.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", HtpApi)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
