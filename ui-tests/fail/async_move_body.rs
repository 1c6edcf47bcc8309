//! An `async move` body takes the arguments with it.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call(text: String, count: u32) -> Result<usize, String> {
    async move { Ok(text.len() + count as usize) }.await
}

fn main() {}
