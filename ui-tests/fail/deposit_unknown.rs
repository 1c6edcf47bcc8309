//! An unknown `deposit`: the message lists the choices.

use resilience_runtime::comprehensive_retry;

#[comprehensive_retry("api", budget(deposit = Failure))]
async fn call() -> Result<(), String> {
    Ok(())
}

fn main() {}
