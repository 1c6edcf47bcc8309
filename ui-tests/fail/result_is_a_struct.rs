//! What is no result by its name only the compiler can see.

use resilience_runtime::comprehensive_retry;

struct Answer;

#[comprehensive_retry("api")]
async fn call() -> Answer {
    Answer
}

fn main() {}
