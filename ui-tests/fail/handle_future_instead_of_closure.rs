//! A future can run once, so a handle takes a closure that makes one for each attempt.

use resilience_runtime::{Resilient, ServiceKind, resilient_call};

async fn ask(handle: &Resilient) -> Result<u32, String> {
    handle.call(async { Ok(1) }).await
}

async fn by_name() -> Result<u32, String> {
    resilient_call("svc", ServiceKind::Generic, async { Ok(1) }).await
}

fn main() {}
