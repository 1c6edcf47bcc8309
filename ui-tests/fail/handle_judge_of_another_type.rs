//! What classifies an error returns a `Recovery`.

use resilience_runtime::Resilient;

async fn ask(handle: &Resilient) -> Result<u32, String> {
    handle.call_with(|| async { Err(String::new()) }, |error| error.is_empty()).await
}

fn main() {}
