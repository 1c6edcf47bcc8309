//! A closure that consumes its captures cannot run twice.

use resilience_runtime::Resilient;

async fn send(text: String) -> Result<u32, String> {
    Err(text)
}

async fn ask(handle: &Resilient, text: String) -> Result<u32, String> {
    handle.call(|| send(text)).await
}

fn main() {}
