//! The parameters of a closure are the arguments.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", fallback = |id: u64, _| Ok(id))]
async fn call(id: u32, text: &str) -> Result<u32, String> {
    Err(format!("{id} {text}"))
}

fn main() {}
