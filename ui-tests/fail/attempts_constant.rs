//! A constant as a value: a macro cannot see it.

use resilience_runtime::comprehensive_retry;

const ATTEMPTS: u32 = 3;

#[comprehensive_retry("api", max_attempts = ATTEMPTS)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
