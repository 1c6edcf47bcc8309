//! A field of a unit variant.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[status(0)]
    Http,
}

fn main() {}
