//! The attribute goes on functions.

use resilience_runtime::comprehensive_retry;

struct Client;

#[comprehensive_retry("api")]
impl Client {}

fn main() {}
