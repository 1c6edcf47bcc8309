//! A word that is neither a time nor `adaptive`.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout = Dynamic)]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
