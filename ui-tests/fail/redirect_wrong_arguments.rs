//! A redirect has the signature of the function.

use resilience_runtime::comprehensive_retry;

async fn other(id: u32, more: u32) -> Result<u32, String> {
    Ok(id + more)
}

#[comprehensive_retry("api", redirect = other)]
async fn call(id: u32) -> Result<u32, String> {
    Ok(id)
}

fn main() {}
