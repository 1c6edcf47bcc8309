//! The status is in a field.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[status]
    Http(u16),
}

fn main() {}
