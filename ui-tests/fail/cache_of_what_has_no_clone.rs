//! A cached answer is cloned.

use resilience_runtime::comprehensive_retry;

struct Answer;

#[comprehensive_retry("api", cache(ttl = "1m"))]
async fn call() -> Result<Answer, String> {
    Ok(Answer)
}

fn main() {}
