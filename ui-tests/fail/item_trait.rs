//! The attribute goes on functions.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
trait Client {}

fn main() {}
