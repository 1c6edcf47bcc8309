//! `fallback_if` without a source.

use resilience_runtime::comprehensive_retry;

fn is_down(error: &String) -> bool {
    error.is_empty()
}

#[comprehensive_retry("api", fallback_if = is_down)]
async fn call(id: u32, text: &str) -> Result<u32, String> {
    Err(format!("{id} {text}"))
}

fn main() {}
