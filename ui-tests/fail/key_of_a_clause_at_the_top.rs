//! A key of a clause at the top: the message says where it belongs.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", failure_rate = 0.5)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
