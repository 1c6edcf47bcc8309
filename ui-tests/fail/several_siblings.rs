//! Faults of all stacked attributes are reported together, each once.

use resilience_runtime::{comprehensive_retry, retry_http_api};

#[comprehensive_retry("api", max_attempts = 0)]
#[retry_http_api("other", kind = Cache, max_delai = 1)]
async fn call() {}

fn main() {}
