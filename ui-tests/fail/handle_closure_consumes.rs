//! A closure that gives away what it has captured cannot make a second attempt.

use resilience_runtime::Resilient;

async fn send(text: String) -> Result<u32, String> {
    Err(text)
}

async fn ask(handle: &Resilient, text: String) -> Result<u32, String> {
    handle.call(|| send(text)).await
}

fn main() {}
