//! Copies run side by side and cannot share a changing argument.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent = true, hedge(after = P95))]
async fn call(mut count: u32) -> Result<u32, String> {
    count += 1;
    Ok(count)
}

fn main() {}
