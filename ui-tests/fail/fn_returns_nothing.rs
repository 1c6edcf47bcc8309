//! Nothing says when it failed.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call() {}

fn main() {}
