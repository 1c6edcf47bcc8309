//! The body of a handle returns no `Result`.

use resilience_runtime::{Recovery, Resilient};

async fn ask(handle: &Resilient) {
    let _ = handle.call_with(|| async { 5 }, |_: &String| Recovery::retry()).await;
}

fn main() {}
