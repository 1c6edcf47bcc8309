//! A condition is a path.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", fallback_if = |_| true, static_response = 1)]
async fn call(id: u32, text: &str) -> Result<u32, String> {
    Err(format!("{id} {text}"))
}

fn main() {}
