//! A handle whose body has an error type that cannot carry a rejection.

use resilience_runtime::{Classify, Resilient};

#[derive(Debug, Classify)]
#[retry]
struct Plain;

async fn ask(handle: &Resilient) -> Result<u32, Plain> {
    handle.call(|| async { Err(Plain) }).await
}

fn main() {}
