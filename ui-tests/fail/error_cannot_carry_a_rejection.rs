//! The error type is marked, with what to do.

use resilience_runtime::comprehensive_retry;

struct Error;

#[comprehensive_retry("api")]
async fn call() -> Result<(), Error> {
    Err(Error)
}

fn main() {}
