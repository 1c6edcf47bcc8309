//! Idempotency keys on what makes no calls of its own.

use resilience_runtime::{Rejection, graceful_degradation};

#[graceful_degradation("svc", static_response = 1, idempotency(key = key))]
async fn call(key: &str) -> Result<u32, Rejection> {
    send(key)
}

fn send(_: &str) -> Result<u32, Rejection> {
    Ok(1)
}

fn main() {}
