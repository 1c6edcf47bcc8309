//! `skip` without an attribute on the `impl` block.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
#[resilience(skip)]
async fn call() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
