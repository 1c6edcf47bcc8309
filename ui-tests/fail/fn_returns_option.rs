//! An option as the result.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call() -> Option<u32> {
    None
}

fn main() {}
