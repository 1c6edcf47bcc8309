//! `slow_call` above what ends an attempt at the latest: the ceiling of an adaptive timeout, or the deadline.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout = adaptive(ceiling = 1), breaker(slow_call = 2))]
async fn adaptive() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry("api", deadline = 1, breaker(slow_call = 2))]
async fn only_a_deadline() -> Result<(), String> {
    Ok(())
}

fn main() {}
