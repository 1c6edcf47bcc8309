//! `retry_enabled` on an attribute that makes no retries.

use resilience_runtime::graceful_degradation;

#[graceful_degradation("api", retry_enabled = true)]
async fn call() -> Result<u32, String> {
    Ok(1)
}

#[graceful_degradation("api", retry_budget_enabled = false)]
async fn unpaid() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
