//! Every variant needs a mark.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[retry]
    Timeout,
    Bad,
}

fn main() {}
