//! What drives a future to its end leaves no `async fn`.

use resilience_runtime::comprehensive_retry;

#[tokio::main(flavor = "current_thread")]
#[comprehensive_retry("api")]
async fn main() -> Result<(), String> {
    Ok(())
}
