//! Keys of a budget that is switched off.

use resilience_runtime::resilient_service;

#[resilient_service("api", retry_budget_enabled = false, budget(ratio = 0.5))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
