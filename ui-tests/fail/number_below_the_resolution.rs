//! A number that would be rounded to zero.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(cost = 0.0000001, ratio = 1e-9))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
