//! An asynchronous closure returns what the function returns.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", fallback = async |id, _| id)]
async fn call(id: u32, text: &str) -> Result<u32, String> {
    Err(format!("{id} {text}"))
}

fn main() {}
