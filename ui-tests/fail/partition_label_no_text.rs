//! `partition_label` that is no text.

use resilience_runtime::{Rejection, comprehensive_retry};

#[comprehensive_retry("api", partition = tenant, partition_label = tenant)]
async fn call(tenant: u32) -> Result<u32, Rejection> {
    Ok(tenant)
}

fn main() {}
