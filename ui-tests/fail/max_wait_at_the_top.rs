//! A key of two clauses, written outside of both.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_wait = "1s")]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
