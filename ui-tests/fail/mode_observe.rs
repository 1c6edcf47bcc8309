//! A mode of a clause: the mode is that of the whole service, and the message does not send to that of a cache alone.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", mode = Watch)]
async fn call() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry("api", idempotency(key = order, mode = Observe))]
async fn charge(order: u64) -> Result<u64, String> {
    Ok(order)
}

#[comprehensive_retry("api", breaker(mode = Observe))]
async fn ask() -> Result<(), String> {
    Ok(())
}

#[comprehensive_retry("api", cache(key = order, mode = Observe))]
async fn keep(order: u64) -> Result<u64, String> {
    Ok(order)
}

fn main() {}
