//! A function without a result cannot fail.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call() {}

fn main() {}
