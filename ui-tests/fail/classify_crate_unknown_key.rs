//! The crate is all that is said for the whole type.

use resilience_runtime::Classify;

#[derive(Classify)]
#[classify(krate = resilience)]
#[retry]
struct Error;

fn main() {}
