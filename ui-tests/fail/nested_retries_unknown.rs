//! An unknown choice: the message lists the choices.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", nested_retries = Never)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
