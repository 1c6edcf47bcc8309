//! `#[status]` on a transparent variant: the inner error has the status.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[transparent]
    #[status(0)]
    Io(std::io::Error),
}

fn main() {}
