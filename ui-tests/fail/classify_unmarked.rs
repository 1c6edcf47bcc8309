//! A variant is never forgotten.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[retry]
    Timeout,
    Bad,
}

fn main() {}
