//! Assigning to an argument without `mut`.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api")]
async fn call(list: &Vec<u8>) -> Result<(), String> {
    list.push(1);
    Ok(())
}

fn main() {}
