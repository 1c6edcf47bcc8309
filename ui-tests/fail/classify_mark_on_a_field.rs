//! The marks go on variants.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[retry]
    Http(#[status] u16),
}

fn main() {}
