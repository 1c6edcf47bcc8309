//! Keys that other clauses have for something else: what they mean here is told.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry(
    "api",
    factor = 2.0,
    breaker(ratio = 0.5),
    budget(capacity = 5, burst = 5, per_second = 1),
    bulkhead(max = 5, wait = "1s"),
    rate_limit(per_second = 5, capacity = 5, burst_capacity = 5),
    cache(ttl = "1s", floor = "1s")
)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
