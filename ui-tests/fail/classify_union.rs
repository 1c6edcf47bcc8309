//! Unions have no variants to mark.

use resilience_runtime::Classify;

#[derive(Classify)]
#[retry]
union Error {
    code: u16,
}

fn main() {}
