//! Two classifications on one variant.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[retry]
    #[never]
    Timeout,
}

fn main() {}
