//! A key of another kind of budget.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(kind = FixedWindow, deposit = Call))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
