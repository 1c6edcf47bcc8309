//! A wait is a duration.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[throttled(after = 0)]
    Slow(String),
}

fn main() {}
