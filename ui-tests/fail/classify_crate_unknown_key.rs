//! The only key for the whole type is `crate`.

use resilience_runtime::Classify;

#[derive(Classify)]
#[classify(krate = resilience)]
#[retry]
struct Error;

fn main() {}
