//! A timeout of zero is refused: no limit is written `off`.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", attempt_timeout = 0)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
