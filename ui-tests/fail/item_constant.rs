//! The attribute goes on functions.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
const CLIENT: u32 = 5;

fn main() {}
