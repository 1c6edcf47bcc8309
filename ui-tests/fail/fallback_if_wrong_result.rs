//! `fallback_if` has to return `bool`.

use resilience_runtime::comprehensive_retry;

fn is_down(error: &String) -> Option<bool> {
    Some(error.is_empty())
}

#[comprehensive_retry("api", fallback_if = is_down, static_response = 1)]
async fn call(id: u32, text: &str) -> Result<u32, String> {
    Err(format!("{id} {text}"))
}

fn main() {}
