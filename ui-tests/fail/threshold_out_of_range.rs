//! A threshold above 1.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(kind = Adaptive, adaptive_threshold = 2))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
