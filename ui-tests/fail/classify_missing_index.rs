//! A field that does not exist.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[throttled(after = 1)]
    Slow(std::time::Duration),
}

fn main() {}
