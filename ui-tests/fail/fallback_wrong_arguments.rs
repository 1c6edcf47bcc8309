//! A fallback takes the arguments of the function.

use resilience_runtime::comprehensive_retry;

fn other(id: u64) -> Result<u32, String> {
    Err(id.to_string())
}

#[comprehensive_retry("api", fallback = other)]
async fn call(id: u32, text: &str) -> Result<u32, String> {
    Err(format!("{id} {text}"))
}

fn main() {}
