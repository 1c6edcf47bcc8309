//! A condition takes the error.

use resilience_runtime::comprehensive_retry;

fn is_down(error: &u32) -> bool {
    *error > 5
}

#[comprehensive_retry("api", fallback_if = is_down, static_response = 1)]
async fn call(id: u32, text: &str) -> Result<u32, String> {
    Err(format!("{id} {text}"))
}

fn main() {}
