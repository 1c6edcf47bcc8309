//! A type parameter needs the bound.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call<E>(error: fn() -> E) -> Result<(), E> {
    Err(error())
}

fn main() {}
