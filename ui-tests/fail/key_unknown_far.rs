//! A far miss gets the list.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", zzz = 3)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
