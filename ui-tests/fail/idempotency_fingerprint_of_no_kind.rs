//! A fingerprint that is neither a text nor bytes nor a number.

use resilience_runtime::{Rejection, comprehensive_retry};

#[comprehensive_retry("svc", idempotency(key = key, fingerprint = amount))]
async fn call(key: &str, amount: f64) -> Result<f64, Rejection> {
    send(key, amount)
}

fn send(_: &str, amount: f64) -> Result<f64, Rejection> {
    Ok(amount)
}

fn main() {}
