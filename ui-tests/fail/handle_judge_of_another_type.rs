//! A closure that classifies an error has to return a `Recovery`.

use resilience_runtime::Resilient;

async fn ask(handle: &Resilient) -> Result<u32, String> {
    handle.call_with(|| async { Err(String::new()) }, |error| error.is_empty()).await
}

fn main() {}
