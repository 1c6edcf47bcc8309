//! It would reject what is accepted.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", throttle(k = 0.5))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
