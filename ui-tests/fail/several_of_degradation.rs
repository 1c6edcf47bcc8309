//! Faults of all clauses of degradation are reported at once.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry(
    "api",
    hedge(after = P80, max = 0),
    cache(mode = Never, ttl = 0),
    attempt_timeout = adaptive(floor = "5s", ceiling = "1s", factr = 2),
    bulkhead(max_concurrent = 0),
    degradation_enabled = false,
    static_response = 5,
    max_partitions = 5
)]
async fn call(list: &mut Vec<u32>, (left, right): (u32, u32)) -> Result<u32, String> {
    list.push(left + right);
    Ok(1)
}

fn main() {}
