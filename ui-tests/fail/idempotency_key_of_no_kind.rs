//! A key that is neither a text nor bytes nor a number.

use resilience_runtime::{Rejection, comprehensive_retry};

struct Order {
    id: u64,
}

#[comprehensive_retry("svc", idempotency(key = order))]
async fn call(order: &Order) -> Result<u64, Rejection> {
    Ok(order.id)
}

fn main() {}
