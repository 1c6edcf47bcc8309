//! A cache that answers in place of the call that is to be protected.

use resilience_runtime::{Rejection, comprehensive_retry};

#[comprehensive_retry("svc", idempotency(key = key), cache(key = key.to_owned(), mode = ReadThrough))]
async fn call(key: &str) -> Result<u32, Rejection> {
    send(key)
}

fn send(_: &str) -> Result<u32, Rejection> {
    Ok(1)
}

fn main() {}
