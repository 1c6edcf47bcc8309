//! A result type that only the compiler can recognise as none.

use resilience_runtime::comprehensive_retry;

struct Answer;

#[comprehensive_retry("api")]
async fn call() -> Answer {
    Answer
}

fn main() {}
