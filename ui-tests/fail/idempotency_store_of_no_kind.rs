//! A store that is only where one would be.

use resilience_runtime::{Rejection, comprehensive_retry};

#[comprehensive_retry("svc", idempotency(key = key, store = "redis://localhost"))]
async fn call(key: &str) -> Result<u32, Rejection> {
    send(key)
}

fn send(_: &str) -> Result<u32, Rejection> {
    Ok(1)
}

fn main() {}
