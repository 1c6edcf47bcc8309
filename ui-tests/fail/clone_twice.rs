//! A name is written once.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", clone(text, text))]
async fn call(text: String, count: &u32) -> Result<usize, String> {
    Ok(text.len() + *count as usize)
}

fn main() {}
