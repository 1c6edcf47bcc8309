//! Every fault of one attribute is reported.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", max_attempts = 0, strtegy = Fixed, jitter = 2, breaker(window = 1.5, opn_for = 1), deadline = soon)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
