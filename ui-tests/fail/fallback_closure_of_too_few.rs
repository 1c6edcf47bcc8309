//! A closure has a parameter for each argument.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", fallback = |id| Ok(id))]
async fn call(id: u32, text: &str) -> Result<u32, String> {
    Err(format!("{id} {text}"))
}

fn main() {}
