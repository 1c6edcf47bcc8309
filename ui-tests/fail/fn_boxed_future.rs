//! Nor is one that returns a boxed future of its own making.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
fn call() -> std::pin::Pin<Box<dyn Future<Output = Result<(), String>>>> {
    Box::pin(async { Ok(()) })
}

fn main() {}
