//! A closure has a parameter for each argument, and one more for the error.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", fallback = |_, _, _, _| Ok(1))]
async fn call(id: u32, text: &str) -> Result<u32, String> {
    Err(format!("{id} {text}"))
}

fn main() {}
