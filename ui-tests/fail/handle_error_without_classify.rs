//! A handle whose error type does not implement `Classify`.

use resilience_runtime::{Rejection, Resilient};

#[derive(Debug)]
struct Unknown;

impl From<Rejection> for Unknown {
    fn from(_: Rejection) -> Self {
        Self
    }
}

async fn ask(handle: &Resilient) -> Result<u32, Unknown> {
    handle.call(|| async { Err(Unknown) }).await
}

fn main() {}
