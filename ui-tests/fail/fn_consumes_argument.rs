//! A consumed argument has to be named in `clone(…)`: nothing is cloned silently.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call(text: String) -> Result<usize, String> {
    let consumed = text;
    Ok(consumed.len())
}

fn main() {}
