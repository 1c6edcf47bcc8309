//! A function that returns a hand-written boxed future is not accepted yet.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
fn call() -> std::pin::Pin<Box<dyn Future<Output = Result<(), String>>>> {
    Box::pin(async { Ok(()) })
}

fn main() {}
