//! A result that a store cannot keep as JSON.

use resilience_runtime::store::MemoryStore;
use resilience_runtime::{Rejection, comprehensive_retry};

#[derive(Clone)]
struct Receipt;

#[comprehensive_retry("svc", idempotency(key = key, store = store.clone()))]
async fn call(key: &str, store: &MemoryStore) -> Result<Receipt, Rejection> {
    send(key)
}

fn send(_: &str) -> Result<Receipt, Rejection> {
    Ok(Receipt)
}

fn main() {}
