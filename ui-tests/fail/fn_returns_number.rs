//! A number as the result.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call() -> u32 {
    5
}

fn main() {}
