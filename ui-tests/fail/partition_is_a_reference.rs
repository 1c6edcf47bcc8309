//! A partition is kept longer than the call, so it cannot borrow.

use resilience_runtime::{comprehensive_retry, graceful_degradation};

#[comprehensive_retry("api", partition = tenant)]
async fn one(tenant: &str) -> Result<usize, String> {
    Ok(tenant.len())
}

#[graceful_degradation("api", cache(key = tenant))]
async fn two(tenant: &str) -> Result<usize, String> {
    Ok(tenant.len())
}

#[comprehensive_retry("api", partition = &tenant)]
async fn three(tenant: String) -> Result<usize, String> {
    Ok(tenant.len())
}

#[comprehensive_retry("api", partition = tenant)]
async fn four(tenant: &'static str) -> Result<usize, String> {
    Ok(tenant.len())
}

fn main() {}
