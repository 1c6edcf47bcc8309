//! A failed attempt would still hold the borrow; with a named lifetime.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call<'a>(text: &'a mut String, _more: &str) -> Result<&'a str, String> {
    Ok(text)
}

fn main() {}
