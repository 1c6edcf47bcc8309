//! A copy cannot consume what the others use.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent = true, hedge(after = P95))]
async fn call(text: String) -> Result<usize, String> {
    Ok(std::convert::identity(text).len())
}

fn main() {}
