//! A renamed sibling is not recognised.

use resilience_runtime::comprehensive_retry;

use resilience_runtime::retry_http_api as again;

#[comprehensive_retry("api")]
#[again("api")]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
