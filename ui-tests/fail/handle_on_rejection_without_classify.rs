//! `on_rejection` says nothing of which errors are worth another attempt.

use resilience_runtime::Resilient;

#[derive(Debug)]
struct Unknown;

async fn ask(handle: &Resilient) -> Result<u32, Unknown> {
    handle.on_rejection(|_| Unknown).call(|| async { Err(Unknown) }).await
}

fn main() {}
