//! A cached answer has to be `Clone`.

use resilience_runtime::comprehensive_retry;

struct Answer;

#[comprehensive_retry("api", cache(ttl = "1m"))]
async fn call() -> Result<Answer, String> {
    Ok(Answer)
}

fn main() {}
