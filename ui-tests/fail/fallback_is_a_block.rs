//! A fallback is a path or a closure.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", fallback = { Ok(1) })]
async fn call(id: u32, text: &str) -> Result<u32, String> {
    Err(format!("{id} {text}"))
}

fn main() {}
