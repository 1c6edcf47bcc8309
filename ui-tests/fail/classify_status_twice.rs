//! Two statuses on one variant.

use resilience_runtime::Classify;

#[derive(Classify)]
enum Error {
    #[status(0)]
    #[status(1)]
    Http(u16, u16),
}

fn main() {}
