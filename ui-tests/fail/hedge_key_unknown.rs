//! An unknown key in the clause.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent = true, hedge(aftr = P95))]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
