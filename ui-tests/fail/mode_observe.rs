//! A mode of a whole call, or of its keys: there is none, and the message does not send to that of a cache.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", mode = Observe)]
async fn call() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry("api", idempotency(key = order, mode = Observe))]
async fn charge(order: u64) -> Result<u64, String> {
    Ok(order)
}

fn main() {}
