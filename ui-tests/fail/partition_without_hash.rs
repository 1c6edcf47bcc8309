//! A partition is looked up by hash.

use resilience_runtime::comprehensive_retry;

#[derive(Clone, PartialEq, Eq)]
struct Tenant;

#[comprehensive_retry("api", partition = Tenant)]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
