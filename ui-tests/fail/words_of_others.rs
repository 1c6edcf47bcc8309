//! Words of other libraries, whose nearest word here means something else.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_retries = 3, strategy = Constant, mode = Shadow)]
async fn call() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry("api", strategy = "full_jitter", mode = "dry-run")]
async fn text() -> Result<(), String> {
    Ok(())
}

fn main() {}
