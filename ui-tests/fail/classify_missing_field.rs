//! A field that does not exist.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[status(status)]
    Http { code: u16 },
}

fn main() {}
