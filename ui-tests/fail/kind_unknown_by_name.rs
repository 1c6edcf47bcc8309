//! The kinds are listed.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", kind = Blockchain)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
