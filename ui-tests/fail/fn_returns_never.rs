//! `!` is no result.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call() -> ! {
    loop {}
}

fn main() {}
