//! Every unmarked variant is named.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    Timeout,
    #[retry(later)]
    Http(u16),
    #[status(0)]
    Bad,
}

fn main() {}
