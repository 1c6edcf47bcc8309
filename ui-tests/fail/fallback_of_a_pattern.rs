//! A destructured argument cannot be passed on as a whole.

use resilience_runtime::comprehensive_retry;

fn other(both: (u32, u32)) -> Result<u32, String> {
    Ok(both.0)
}

#[comprehensive_retry("api", fallback = other)]
async fn call((left, right): (u32, u32)) -> Result<u32, String> {
    Ok(left + right)
}

fn main() {}
