//! An idempotency clause without the key that tells requests apart.

use resilience_runtime::{Rejection, comprehensive_retry};

#[comprehensive_retry("svc", idempotency(ttl = "1h"))]
async fn call(key: &str) -> Result<u32, Rejection> {
    send(key)
}

fn send(_: &str) -> Result<u32, Rejection> {
    Ok(1)
}

fn main() {}
