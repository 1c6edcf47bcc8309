//! A tuple as the result.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call() -> (u32, u32) {
    (1, 2)
}

fn main() {}
