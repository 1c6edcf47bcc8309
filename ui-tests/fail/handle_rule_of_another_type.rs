//! What the rules of a handle return is `bool`, and what they take is the error, or the value.

use resilience_runtime::{Recovery, Resilient};

async fn lists(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err(String::new()) }).retry_if(|error| Recovery::retry()).await
}

async fn excludes(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err(String::new()) }).never_retry_if(|error: u32| true).await
}

async fn votes(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err(String::new()) }).record_if(|| true).await
}

async fn looks(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Ok(7) }).retry_if_ok(|value: &String| value.is_empty()).await
}

fn main() {}
