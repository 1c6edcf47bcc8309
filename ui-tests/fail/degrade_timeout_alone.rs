//! `degrade_timeout` without a source that it could limit.

use resilience_runtime::graceful_degradation;

#[graceful_degradation("api", degrade_timeout = "1s", static_response = 1)]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
