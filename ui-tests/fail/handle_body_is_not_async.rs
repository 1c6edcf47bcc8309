//! The closure of a handle returns no future.

use resilience_runtime::Resilient;

async fn ask(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| Ok(7)).await
}

fn main() {}
