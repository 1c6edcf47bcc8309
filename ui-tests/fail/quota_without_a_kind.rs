//! Keys of a quota without `kind`: the default kind is a bucket.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(max_retries_per_hour = 5))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
