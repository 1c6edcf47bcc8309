//! What to do without a store, where there is none that could be away.

use resilience_runtime::{Rejection, comprehensive_retry};

#[comprehensive_retry("svc", idempotency(key = key, on_unavailable = Run))]
async fn call(key: &str) -> Result<u32, Rejection> {
    send(key)
}

fn send(_: &str) -> Result<u32, Rejection> {
    Ok(1)
}

fn main() {}
