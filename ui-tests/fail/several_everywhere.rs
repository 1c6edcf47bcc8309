//! Faults of the attribute and of the function are reported together.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry(HttpApi, max_attempts = "3", clone(x))]
fn call(text: String) -> u32 {
    5
}

fn main() {}
