//! The future of a fallback cannot borrow the error.

use resilience_runtime::Resilient;

async fn ask(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err(String::new()) }).fallback(|error| async move { Ok(error.len() as u32) }).await
}

async fn ask_by_an_async_closure(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err(String::new()) }).fallback(async |error: &String| Ok(error.len() as u32)).await
}

fn main() {}
