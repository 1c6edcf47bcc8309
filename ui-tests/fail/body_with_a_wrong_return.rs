//! Exactly one error, at the return.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call(number: u32) -> Result<u32, String> {
    if number > 1 {
        return number;
    }
    Ok(number)
}

fn main() {}
