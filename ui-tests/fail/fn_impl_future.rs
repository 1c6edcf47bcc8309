//! A function that returns a future is not accepted yet.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
fn call() -> impl Future<Output = Result<(), String>> {
    async { Ok(()) }
}

fn main() {}
