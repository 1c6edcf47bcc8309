//! A function of another signature is marked.

use resilience_runtime::comprehensive_retry;

fn is_pending(answer: &String) -> bool {
    answer.is_empty()
}

#[comprehensive_retry("api", retry_if_ok = is_pending)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
