//! A cost above the burst: no retry could ever be paid for.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(cost = 5, burst_capacity = 3))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
