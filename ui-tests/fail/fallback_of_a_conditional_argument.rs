//! A list of arguments cannot be conditional.

use resilience_runtime::comprehensive_retry;

fn other() -> Result<u32, String> {
    Ok(1)
}

#[comprehensive_retry("api", fallback = other)]
async fn call(#[cfg(test)] id: u32) -> Result<u32, String> {
    Ok(1)
}

fn main() {}
