//! An `async move` body consumes the arguments.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call(text: String, count: u32) -> Result<usize, String> {
    async move { Ok(text.len() + count as usize) }.await
}

fn main() {}
