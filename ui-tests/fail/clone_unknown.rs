//! A near miss gets a suggestion.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", clone(txt))]
async fn call(text: String, count: &u32) -> Result<usize, String> {
    Ok(text.len() + *count as usize)
}

fn main() {}
