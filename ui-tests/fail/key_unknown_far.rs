//! A name like no key: the message lists the keys.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", zzz = 3)]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
