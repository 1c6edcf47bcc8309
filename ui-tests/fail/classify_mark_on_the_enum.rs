//! The marks go on variants.

use resilience_runtime::Classify;

#[derive(Classify)]
#[retry]
enum Error {
    #[retry]
    Timeout,
}

fn main() {}
