//! A result that cannot be given twice.

use resilience_runtime::{Rejection, comprehensive_retry};

struct Receipt;

#[comprehensive_retry("svc", idempotency(key = key))]
async fn call(key: &str) -> Result<Receipt, Rejection> {
    send(key)
}

fn send(_: &str) -> Result<Receipt, Rejection> {
    Ok(Receipt)
}

fn main() {}
