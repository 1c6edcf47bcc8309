//! A delay cannot be `off`; it can be zero.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", base_delay = off)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
