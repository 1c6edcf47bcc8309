//! A type parameter as the error needs the bound `From<Rejection>`.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call<E>(error: fn() -> E) -> Result<(), E> {
    Err(error())
}

fn main() {}
