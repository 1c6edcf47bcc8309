//! The last parameter is the error, as a reference.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", fallback = |id, _, _: String| Ok(id))]
async fn call(id: u32, text: &str) -> Result<u32, String> {
    Err(format!("{id} {text}"))
}

fn main() {}
