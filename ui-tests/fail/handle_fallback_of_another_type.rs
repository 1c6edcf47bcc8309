//! A fallback of a handle returns what its body does, at once or later.

use resilience_runtime::Resilient;

async fn a_bare_value(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err(String::new()) }).fallback(|_| 7).await
}

async fn an_option(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err(String::new()) }).fallback(|_| Some(7)).await
}

async fn another_value(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err::<u32, _>(String::new()) }).fallback(|_| Ok("seven")).await
}

async fn a_future_of_a_bare_value(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err(String::new()) }).fallback(|_| async { 7 }).await
}

async fn another_error(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err(String::new()) }).fallback(|error: &u32| Ok(7)).await
}

async fn no_error(handle: &Resilient) -> Result<u32, String> {
    handle.call(|| async { Err(String::new()) }).fallback(|| Ok(7)).await
}

fn main() {}
