//! The kind by position and by name.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", Cache, kind = Cache)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
