//! Copies run side by side and cannot share a `&mut` argument.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", idempotent = true, hedge(after = P95))]
async fn call(list: &mut Vec<u32>) -> Result<u32, String> {
    list.push(1);
    Ok(1)
}

fn main() {}
