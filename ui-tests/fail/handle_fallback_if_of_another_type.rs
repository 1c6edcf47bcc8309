//! What says which errors are answered for returns a `bool`, and a fixed value is a value.

use resilience_runtime::{Recovery, Resilient};

async fn rule(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err(String::new()) }).fallback(|_| Ok(7)).fallback_if(|_| Recovery::retry()).await
}

async fn value(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err::<u32, _>(String::new()) }).static_response(Ok(7)).await
}

fn main() {}
