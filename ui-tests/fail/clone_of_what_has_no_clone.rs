//! An argument in `clone(…)` without `Clone`: the message points at it.

use resilience_runtime::comprehensive_retry;

struct Token;

#[comprehensive_retry("api", clone(token))]
async fn call(token: Token) -> Result<(), String> {
    drop(token);
    Ok(())
}

fn main() {}
