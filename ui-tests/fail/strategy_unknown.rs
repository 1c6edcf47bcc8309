//! An unknown strategy: the message suggests a similar one and lists all.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", strategy = Exponentail)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
