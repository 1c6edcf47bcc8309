//! `max_partitions = 0` would allow no partition.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", partition = 1, max_partitions = 0)]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
