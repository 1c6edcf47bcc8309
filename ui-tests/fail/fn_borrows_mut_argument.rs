//! A failed attempt would still hold the borrow.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call(text: &mut String) -> Result<&mut String, String> {
    Ok(text)
}

fn main() {}
