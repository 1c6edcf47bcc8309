//! A throttled cost above the burst: no retry of a throttled attempt could ever be paid for.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(throttled_cost = 5, burst_capacity = 3))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
