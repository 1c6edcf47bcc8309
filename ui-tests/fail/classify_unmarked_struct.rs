//! A struct carries the marks itself.

use resilience_runtime::Classify;

#[derive(Classify)]
struct Error;

fn main() {}
