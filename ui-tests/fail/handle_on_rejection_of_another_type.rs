//! What stands for a rejection is an error of the body's type.

use resilience_runtime::{Classify, Rejection, Resilient};

#[derive(Debug, Classify)]
enum Plain {
    #[retry]
    Down,
    #[never]
    Rejected(Rejection),
}

async fn another_error(handle: &Resilient) -> Result<u32, Plain> {
    handle.on_rejection(|rejection| rejection.to_string()).call(|| async { Err(Plain::Down) }).await
}

async fn another_argument(handle: &Resilient) -> Result<u32, Plain> {
    handle.on_rejection(|text: String| Plain::Down).call(|| async { Err(Plain::Down) }).await
}

async fn no_argument(handle: &Resilient) -> Result<u32, Plain> {
    handle.on_rejection(|| Plain::Down).call(|| async { Err(Plain::Down) }).await
}

fn main() {}
