//! A status is a number.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[status(0)]
    Http(String),
}

fn main() {}
