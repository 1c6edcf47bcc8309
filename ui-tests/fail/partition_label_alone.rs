//! `partition_label` without `partition`.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", partition_label = "eu")]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
