//! Nothing is tried again.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[never(after = 0)]
    Bad(u32),
}

fn main() {}
