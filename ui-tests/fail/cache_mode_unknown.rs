//! A mode that does not exist.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", cache(mode = WriteThrough))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
