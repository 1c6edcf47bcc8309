//! The same with a lifetime that has a name.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call<'a>(text: &'a mut String, _more: &str) -> Result<&'a str, String> {
    Ok(text)
}

fn main() {}
