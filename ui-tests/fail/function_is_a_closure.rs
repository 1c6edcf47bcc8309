//! A closure where a path is needed: paths are resolved outside of the function.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", retry_if = |_| true)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
