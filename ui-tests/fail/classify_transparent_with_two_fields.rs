//! A transparent variant has exactly one field.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[transparent]
    Io(std::io::Error, u32),
}

fn main() {}
