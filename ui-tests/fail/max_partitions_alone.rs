//! `max_partitions` without `partition`.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_partitions = 10)]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
