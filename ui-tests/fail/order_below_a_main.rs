//! Below `#[tokio::main]`, the function is no `async fn` any more.

use resilience_runtime::comprehensive_retry;

#[tokio::main(flavor = "current_thread")]
#[comprehensive_retry("api")]
async fn main() -> Result<(), String> {
    Ok(())
}
