//! A near miss gets a suggestion and the list.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", strategy = Exponentail)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
