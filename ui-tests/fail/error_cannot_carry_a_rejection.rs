//! An error type without `From<Rejection>`: the message points at it and says what to do.

use resilience_runtime::comprehensive_retry;

struct Error;

#[comprehensive_retry("api")]
async fn call() -> Result<(), Error> {
    Err(Error)
}

fn main() {}
