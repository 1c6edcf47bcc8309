//! Keys of retries on an attribute without retries.

use resilience_runtime::graceful_degradation;

#[graceful_degradation("api", max_attempts = 3, base_delay = "1s", retry_on(_), budget(ratio = 0.2))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
