//! Exactly one error, at the question mark.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call() -> Result<u32, String> {
    let number: u32 = "5".parse()?;
    Ok(number)
}

fn main() {}
