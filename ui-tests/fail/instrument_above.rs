//! `#[instrument]` above the attribute moves the arguments.

use resilience_runtime::comprehensive_retry;

#[tracing::instrument]
#[comprehensive_retry("api")]
async fn call(text: String, count: u32) -> Result<usize, String> {
    Ok(text.len() + count as usize)
}

fn main() {}
