//! A `const fn` makes no calls.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
const fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
