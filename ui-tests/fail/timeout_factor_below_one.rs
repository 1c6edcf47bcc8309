//! A factor below 1: the timeout would be shorter than most attempts take.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout = adaptive(factor = 0.5))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
