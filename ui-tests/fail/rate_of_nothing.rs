//! A rate of zero: no attempt would ever start.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", rate_limit(per_second = 0))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
