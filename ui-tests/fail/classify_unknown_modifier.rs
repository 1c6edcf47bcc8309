//! An unknown modifier: the message lists the modifiers.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[retry(before = 0)]
    Bad(u32),
}

fn main() {}
