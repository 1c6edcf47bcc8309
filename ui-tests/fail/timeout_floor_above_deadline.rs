//! A floor above the deadline: the deadline would end the attempt first.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout = adaptive(floor = "20s"), deadline = "10s")]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
