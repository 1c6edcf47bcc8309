//! A wait on errors that are never retried.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[never(after = 0)]
    Bad(u32),
}

fn main() {}
